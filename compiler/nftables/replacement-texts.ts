import type { RulesetOptions } from './options.ts'
import { isLookup, isRecording, renameInRule } from './rule-value.ts'
import { renameSet } from './map-elements.ts'
import type { ChainValue, Ruleset, SetValue } from './ruleset.ts'
import { rulesetText } from './ruleset-text.ts'
import { type Spelled, spellOut } from './spell-out.ts'
import { generationChains } from './static-chains.ts'
import { noSteps, transactionText } from './transaction-text.ts'

/** So many rules in place of elements: see docs/ruleset.md. */
const MOST_RULES = 4096

const SUFFIX = '-guard'

/**
 * The transactions that replace whatever table stands by this ruleset, so that every packet meets the verdict of before or of after.
 * One transaction does not: the elements of interval sets come into sight after the switch to the rules that read them, and those of
 * the old maps go out of sight at it, under the packets that still walk the old rules (nft_map_deactivate).
 *
 *   guard    the new rules once more, in chains of their own that are judged before what stands, and without any map or
 *            interval set: a rule for each element. What stands judges as well: who passes, passes both.
 *   silence  the base chains of before lose their rules; nobody looks into the old maps any more
 *   whole    the table is replaced, guard and all; a rule for each element where the final rules read interval sets,
 *            which are filled, and read by nobody
 *   return   rules as they are in the end
 *
 * The guard hangs before the final base chain: a packet in flight at the switch is judged by the one or the other. An equal
 * priority would put the new chain first, and such a packet might find both empty. One transaction is all where no pod is isolated,
 * and where so many elements would be rules that loading and walking them is worse than losing a packet.
 */
export function replacementTexts(ruleset: Ruleset, options: RulesetOptions, generation: number): readonly string[] {
  const spelledWhere =
    (isSpelled: (set: SetValue) => boolean): Spelled =>
    ({ name }) => {
      const set = ruleset.sets.get(name)
      return set !== undefined && isSpelled(set) ? set : undefined
    }
  const ofInterval = spelledWhere(({ interval }) => interval)
  const ofAny = spelledWhere(({ interval, kind }) => interval || kind === 'map')
  const bases = generationChains(options, generation)
  const whole = rulesetText(ruleset, options, generation)
  const chains = [...ruleset.chains.values()]
  if (countRules(chains, ofAny) > MOST_RULES || isOpen(ruleset)) return [whole]

  const spelled = chains.map((chain) => spellOut(chain, ofInterval))
  return [
    guardText(
      [...bases, ...chains.map((chain) => spellOut(chain, ofAny))],
      [...ruleset.sets.values()].filter(
        ({ interval, kind, recorded, elements }) => !interval && kind === 'set' && (!recorded || elements.size > 0),
      ),
    ),
    silenceText(bases.filter(({ hook }) => hook !== undefined)),
    rulesetText({ ...ruleset, chains: new Map(spelled.map((chain) => [chain.name, chain])) }, options, generation),
    transactionText({ ...noSteps(), rewrittenChains: chains.filter((chain, index) => chain !== spelled[index]) }),
  ].filter((text) => text !== '')
}

/**
 * The guard may stand already, from an agent that ended half-way: so everything is there, then empty, then what it is to be. It
 * remembers flows under the new generation, which nobody else gives out until the whole stands: the verdict is the same.
 */
function guardText(chains: readonly ChainValue[], sets: readonly SetValue[]): string {
  const rename = (name: string) => name + SUFFIX
  const guardChains = chains.map(({ name, hook, rules }) => ({
    name: rename(name),
    hook: hook === undefined ? undefined : earlier(hook),
    // It judges, and notes nothing: what it refuses is noted by what comes to stand.
    rules: rules.filter((one) => !one.statements.some(isRecording)).map((one) => renameInRule(one, rename)),
  }))
  const guardSets = sets.map((set) => renameSet(set, rename))
  const there = {
    ...noSteps(),
    createdSets: guardSets.map((set) => ({ ...set, elements: new Set<string>() })),
    createdChains: guardChains.map((chain) => ({ ...chain, rules: [] })),
    emptiedChains: guardChains.map(({ name }) => name),
    emptiedSets: guardSets.map(({ name }) => name),
  }
  return transactionText(there) + transactionText({ ...noSteps(), createdSets: guardSets, createdChains: guardChains })
}

function silenceText(bases: readonly ChainValue[]): string {
  // Where there is none, an empty one comes, and nothing goes wrong.
  const empty = bases.map(({ name }) => ({ name, rules: [] }))
  return transactionText({ ...noSteps(), createdChains: empty, rewrittenChains: empty })
}

function earlier(hook: string): string {
  return hook.replace(/ \+ (\d+);/, (_, priority: string) => ` + ${Number(priority) - 1};`)
}

function countRules(chains: readonly ChainValue[], spelled: Spelled): number {
  let count = 0
  for (const { rules } of chains) {
    for (const { statements } of rules) {
      for (const one of statements) if (isLookup(one)) count += spelled(one)?.elements.size ?? 0
    }
  }
  return count
}

/** Is no pod isolated? */
function isOpen({ sets }: Ruleset): boolean {
  return ['iso4', 'iso6'].every((name) => (sets.get(name)?.elements.size ?? 0) === 0)
}
