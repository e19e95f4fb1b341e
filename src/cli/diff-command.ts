import { Command, Option } from 'commander'
import { type Cluster, createCluster } from '../../compiler/cluster/create-cluster.ts'
import { cutFlows, type FlowCuts } from '../../compiler/flows/cut-flows.ts'
import { compareEntries, type EntryChange } from '../../compiler/explain/compare-entries.ts'
import { compareRulesets } from '../../compiler/nftables/compare-rulesets.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import { contentGeneration } from '../../compiler/nftables/ruleset-text.ts'
import { isEmptyChange } from '../../compiler/nftables/ruleset.ts'
import { compareReach, type ReachChange } from '../../compiler/reach/compare-reach.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import type { FoldBy } from '../../compiler/reach/fold.ts'
import { cutFlowsText } from '../views/cut-flows-text.ts'
import { differenceText, type DifferenceWhy } from '../views/difference-text.ts'
import { entryJson } from '../views/entries-text.ts'
import { ruleJson } from '../../compiler/explain/rule-json.ts'
import { createRulesBehind } from '../views/rules-behind.ts'
import { EXIT } from './exit-codes.ts'
import { failOnOption } from './fail-on-option.ts'
import { refuseClosed, tellAudited, tellClosed, withNotes } from './read-cluster-input.ts'
import { readFlowFile } from './read-flow-file.ts'
import { readSides, sortProblems } from './read-sides.ts'
import { addReadingOptions, type ReadingFlags } from './reading-options.ts'
import { textStyle } from './text-style.ts'

interface DiffFlags extends ReadingFlags {
  readonly output: 'text' | 'json'
  readonly by: FoldBy
  readonly flows?: string
  readonly why?: true
  readonly failOn: readonly Condition[]
}

const CONDITIONS = ['any', 'opens', 'cuts', 'never'] as const
type Condition = (typeof CONDITIONS)[number]

const USES = `
selvedge diff OLD NEW       two sets of manifests; either may be the word "cluster", the live one (--kubeconfig, --context)
selvedge diff -f NEW        what would change if NEW were applied to the live cluster

With --flows it also says which flows that were really seen the change cuts (selvedge flows -o json, of agents with --observe).
--fail-on cuts is then about them: a flow that is cut, or of which nobody can say what becomes of it.

Exit status: 0 nothing opens or closes (the ruleset may change), 1 something does, or a workload leaves policy for the
network of its node or comes back; with --fail-on only what that says; 2 the input is wrong, 3 the cluster cannot be read.`

/** `selvedge diff OLD NEW | -f NEW`: what a change opens and closes. */
export function diffCommand(): Command {
  const command = new Command('diff')
    .description('what a change of manifests opens and closes')
    .argument('[old]', 'manifests before: a file, a directory, - or the word cluster')
    .argument('[new]', 'manifests after: the same')
    .addHelpText('after', USES)
  return addReadingOptions(command)
    .addOption(
      new Option('--by <what>', 'fold pods that behave alike')
        .choices(['workload', 'pod', 'namespace'])
        .default('workload'),
    )
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .option('--why', 'the rules by which what opens may connect now, and what closes could before')
    .option('--flows <file>', 'what was seen, a file of selvedge flows -o json: which of it the change cuts')
    .addOption(failOnOption(CONDITIONS, 'any'))
    .action(diff)
}

async function diff(old: string | undefined, now: string | undefined, flags: DiffFlags): Promise<void> {
  const list = flags.flows === undefined ? undefined : readFlowFile(flags.flows)
  if (flags.flows !== undefined && list === undefined) return
  const sides = await readSides(old, now, flags)
  if (sides === undefined) return
  const [before, after] = [sides.before, sides.after].map(({ objects, others }) => createCluster(objects, others)) as [
    Cluster,
    Cluster,
  ]
  const { refused, told } = sortProblems(before.closed, after.closed, sides.writes)
  if (refuseClosed(refused)) return
  tellClosed(told)
  const notes = [...sides.notes, ...tellAudited(after.audited)]
  const change = compareReach(before.graph, after.graph, flags.by)
  const entries = compareEntries(before, after)
  const ruleset = rulesetChange(before, after)
  const cuts = list && cutFlows(before, after, list)
  process.exitCode = fails(change, entries, cuts, flags.failOn) ? EXIT.no : EXIT.done
  const { opens, closes, leavesPolicy, comesUnderPolicy } = change
  const why = flags.why && {
    opens: createRulesBehind(after, change.after).granting,
    closes: createRulesBehind(before, change.before).granting,
  }
  if (flags.output === 'json') {
    const seen = cuts === undefined ? {} : { flows: cuts }
    const answer = {
      opens: explained(opens, why?.opens),
      closes: explained(closes, why?.closes),
      ...entriesJson(entries),
      leavesPolicy,
      comesUnderPolicy,
      ...seen,
      ruleset: ruleset.text,
    }
    process.stdout.write(`${JSON.stringify({ ...answer, ...withNotes(notes) }, undefined, 2)}\n`)
    return
  }
  const style = textStyle()
  const text = differenceText(change, ruleset, style, entries, why)
  process.stdout.write(cuts === undefined ? text : `${text}\n${cutFlowsText(cuts, style.width)}`)
}

/** Each edge with its rules, where they are asked for. */
function explained(edges: readonly Edge[], why: DifferenceWhy['opens'] | undefined): readonly object[] {
  if (why === undefined) return edges
  return edges.map((edge) => ({
    ...edge,
    rules: why([edge]).flatMap(({ reference }) => (reference === undefined ? [] : [ruleJson(reference)])),
  }))
}

function fails(
  { opens, closes, leavesPolicy, comesUnderPolicy }: ReachChange,
  entries: EntryChange,
  cuts: FlowCuts | undefined,
  conditions: readonly Condition[],
): boolean {
  const isOpening = opens.length + leavesPolicy.length + entries.opens.length > 0
  const isClosing = closes.length + comesUnderPolicy.length + entries.closes.length > 0
  return conditions.some((condition) => {
    switch (condition) {
      case 'any':
        return isOpening || isClosing
      case 'opens':
        return isOpening
      case 'cuts':
        return cuts === undefined ? isClosing : cuts.cuts.length + cuts.unresolved.length > 0
      case 'never':
        return false
    }
  })
}

function entriesJson({ opens, closes }: EntryChange): object {
  if (opens.length === 0 && closes.length === 0) return {}
  return { entries: { opens: opens.map(entryJson), closes: closes.map(entryJson) } }
}

function rulesetChange(
  before: Cluster,
  after: Cluster,
): {
  readonly text: string
  readonly chains: number
  readonly sets: number
  readonly transactions: number
} {
  const now = after.engine.ruleset()
  const change = compareRulesets(before.engine.ruleset(), now)
  if (isEmptyChange(change)) return { text: '', chains: 0, sets: 0, transactions: 0 }
  const texts = planTransactions(change, after.engine.view, DEFAULT_OPTIONS, contentGeneration(now, DEFAULT_OPTIONS))
  const { createdChains, rewrittenChains, deletedChains, createdSets, deletedSets, elements } = change
  return {
    text: texts.join('\n'),
    chains: createdChains.length + rewrittenChains.length + deletedChains.length,
    sets: createdSets.length + deletedSets.length + elements.size,
    transactions: texts.length,
  }
}
