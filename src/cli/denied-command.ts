import { type Command as Program, Command, Option } from 'commander'
import type { Cluster } from '../../compiler/cluster/create-cluster.ts'
import { createDeniedRow, type DeniedRow } from '../../compiler/flows/denied-row.ts'
import { recordedEnds } from '../../compiler/flows/recorded-ends.ts'
import { printable } from '../../compiler/objects/quote.ts'
import type { AgentDenied } from '../telemetry/agent-denied.ts'
import { isAgentDenied } from '../telemetry/is-agent-denied.ts'
import { deniedJson, foldedJson } from '../views/denied-json.ts'
import { deniedText } from '../views/denied-text.ts'
import { addAskingOptions, askAndRead, type AskingFlags, type NodesAsked } from './ask-nodes.ts'
import { addFlowFilter, flowFilter, foldedFilter, type FlowFilterFlags } from './flow-filter.ts'
import { instantsBefore } from './instants-before.ts'
import { podNetworksOf } from './pod-networks-of.ts'
import { programName } from './program-name.ts'
import { withNotes } from './read-cluster-input.ts'
import { addReadingOptions, type ReadingFlags } from './reading-options.ts'
import { textStyle } from './text-style.ts'

interface DeniedFlags extends ReadingFlags, AskingFlags, FlowFilterFlags {
  readonly output: 'text' | 'wide' | 'json'
}

const HELP = `
Every agent of the cluster is asked, by exec into its pod; on a node, or in an agent's pod, the one there.
COUNT is packets since FIRST; a connection that times out sends several. WHY is what the policies say now, which the kernel does not
note: a flow that they allow by now says so. The kernel forgets a flow an hour after its last packet.
--from and --to: namespace/name of a pod or workload, or an address.`

/** `selvedge denied`: what was denied, on every node or on this one, by which policy, and what misses. */
export function deniedCommand(): Program {
  const command = new Command('denied').description('what was denied, by which policy, and why')
  return addFlowFilter(addAskingOptions(addReadingOptions(command, 'narrowing')))
    .addOption(
      new Option('-o, --output <format>', 'text, wide (each pod) or json')
        .choices(['text', 'wide', 'json'])
        .default('text'),
    )
    .addHelpText('after', HELP)
    .action(denied)
}

async function denied(flags: DeniedFlags, command: Program): Promise<void> {
  const networksOf = podNetworksOf(flags, command)
  if (networksOf === undefined) return
  const found = await askAndRead({ word: 'denied', isAnswer: isAgentDenied }, flags)
  if (found === undefined) return
  const { asked, cluster } = found
  const rows = rowsOf(cluster, asked.answers).filter(flowFilter(flags, command))
  for (const { node, full } of asked.answers) if (full) process.stderr.write(`node ${printable(node)}: ${FULL}`)
  const endOf = recordedEnds(cluster, networksOf(cluster))
  const folded = asked.answers
    .flatMap((answer) => answer.folded ?? [])
    .map((one) => ({ ...one, from: endOf(one.source, one.formerSource) }))
    .filter(foldedFilter(flags, command))
  if (flags.output === 'json') {
    const { notes } = cluster
    const found = { nodes: nodesJson(asked), flows: rows.map(deniedJson), folded: folded.map(foldedJson) }
    process.stdout.write(`${JSON.stringify({ ...found, ...withNotes(notes) }, undefined, 2)}\n`)
  } else
    process.stdout.write(deniedText(rows, folded, flags.output === 'wide', { ...textStyle(), program: programName() }))
}

const FULL =
  'the kernel has no room for further flows until some are an hour old; somebody scans ports? Totals count on\n'

function nodesJson({ answers, silent }: NodesAsked<AgentDenied>): readonly object[] {
  const told = answers.map(({ node, at, since, full }) => ({ name: node, answered: true, at, since, full }))
  return [...told, ...silent.map(({ node, problem }) => ({ name: node, answered: false, problem }))]
}

function rowsOf(cluster: Cluster, answers: readonly AgentDenied[]): readonly DeniedRow[] {
  const rowOf = createDeniedRow(
    cluster,
    answers.flatMap(({ flows }) => flows),
  )
  return answers.flatMap(({ flows, at }) => {
    const instantOf = instantsBefore(Date.parse(at))
    return flows.map((flow) => rowOf(flow, instantOf))
  })
}
