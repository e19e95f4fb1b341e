import type { Change } from '../../compiler/engine/change.ts'
import {
  generationMark,
  highestGeneration,
  type RulesetOptions,
  DEFAULT_OPTIONS,
} from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import type { Ruleset } from '../../compiler/nftables/ruleset.ts'
import { contentGeneration, rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { generationChains } from '../../compiler/nftables/static-chains.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { goneBetween, surePut } from '../laws/changes-of.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import { clusterOf } from '../oracle/make-objects.ts'
import type { RawPod, RawPolicy } from '../oracle/raw-cluster.ts'
import { type PodName, rawPods } from './kernel-lab.ts'

export interface EnforceOptions {
  readonly options?: Partial<RulesetOptions>
  /** Default: both addresses of each. */
  readonly pods?: readonly RawPod[]
  /** Default: the one that compile would take. */
  readonly generation?: number
  /** Breaks the text on purpose before it is loaded. */
  readonly edit?: (text: string) => string
}

/** What stands on a node, as the agent would keep it. */
export interface Enforced {
  readonly text: string
  /** The generation's bits of the conntrack mark. */
  mark(): number
  /** All that the table should hold, the chains that carry the generation included. */
  expected(): Ruleset
  /** Makes these the policies, by the transactions that the agent would use; returns them. */
  change(policies: readonly RawPolicy[]): Promise<readonly string[]>
  /** Gives a pod another value of its label app, in the same way. */
  relabel(name: PodName, app: string): Promise<readonly string[]>
}

/** Compiles the policies over the lab's pods for a node and loads the text there. */
export async function enforce(
  lab: Lab,
  policies: readonly RawPolicy[],
  { options: some = {}, pods = rawPods(), generation: wanted, edit = (text) => text }: EnforceOptions = {},
  node = 'node-1',
): Promise<Enforced> {
  const options = { ...DEFAULT_OPTIONS, ...some }
  const engine = engineOf(clusterOf(...pods, ...policies), (pod) => pod.node === node, options)
  const highest = highestGeneration(options.markMask)
  let generation = wanted ?? contentGeneration(engine.ruleset(), options)
  let standing = policies
  const text = rulesetText(engine.ruleset(), options, generation)
  await lab.loadRuleset(node, edit(text))

  async function apply(changes: readonly Change[]): Promise<readonly string[]> {
    const change = engine.apply(changes)
    const following = generation === highest ? 1 : generation + 1
    const transactions = planTransactions(change, engine.view, options, following)
    if (change.narrows) generation = following
    for (const transaction of transactions) await lab.loadRuleset(node, transaction)
    return transactions
  }

  return {
    text,
    mark: () => generationMark(generation, options.markMask),
    expected() {
      const { sets, chains } = engine.ruleset()
      const moving = generationChains(options, generation).map((chain) => [chain.name, chain] as const)
      return { sets, chains: new Map([...chains, ...moving]) }
    },
    change(next) {
      const changes = [...goneBetween(standing, next), ...next.map(surePut)]
      standing = next
      return apply(changes)
    },
    relabel(name, app) {
      const raw = pods.find(({ metadata }) => metadata.name === name)
      if (raw === undefined) throw new Error(`no pod is called ${name}`)
      return apply([surePut({ ...raw, metadata: { ...raw.metadata, labels: { app } } })])
    },
  }
}
