import { type Command as Program, Command, Option } from 'commander'
import type { FlowList } from '../../compiler/flows/flow-list.ts'
import { flowListJson } from '../../compiler/flows/flow-list-json.ts'
import { listFlows, type NodeFlows } from '../../compiler/flows/list-flows.ts'
import type { AgentFlows } from '../telemetry/agent-flows.ts'
import { isAgentFlows } from '../telemetry/is-agent-flows.ts'
import { flowsText } from '../views/flows-text.ts'
import { addAskingOptions, askAndRead, type AskingFlags } from './ask-nodes.ts'
import { EXIT } from './exit-codes.ts'
import { addFlowFilter, flowFilter, foldedFilter, type FlowFilterFlags } from './flow-filter.ts'
import { instantsBefore } from './instants-before.ts'
import { notReplaceable } from './not-replaceable.ts'
import { podNetworksOf } from './pod-networks-of.ts'
import { addReadingOptions, type ReadingFlags } from './reading-options.ts'
import { textStyle } from './text-style.ts'
import { writePrivately } from './write-privately.ts'

interface FlowsFlags extends ReadingFlags, AskingFlags, FlowFilterFlags {
  readonly output: 'text' | 'wide' | 'json'
  readonly save?: string
}

const HELP = `
Denied flows are noted always, and forgotten an hour after their last packet; allowed ones by agents with --observe, and
forgotten after a day. COUNT of a denied flow is packets, of an allowed one connections, or more: a live one is judged
again when policies change. An address of nobody in the network of pods is no address outside: that network is what lies
around the addresses of nodes' pods, or what --pod-cidr says. Who talks to whom is nobody else's affair: --save writes a
file that only you can read.`

/** `selvedge flows`: everything that the kernels have noted, denied and allowed, in names. */
export function flowsCommand(): Program {
  const command = new Command('flows').description('everything that was noted of connections, denied and allowed')
  return addFlowFilter(addAskingOptions(addReadingOptions(command, 'narrowing')))
    .option('--save <file>', 'write the JSON to this file, readable by you alone')
    .addOption(
      new Option('-o, --output <format>', 'text, wide (each pod), or json: the file that diff, graph and suggest take')
        .choices(['text', 'wide', 'json'])
        .default('text'),
    )
    .addHelpText('after', HELP)
    .action(flows)
}

async function flows(flags: FlowsFlags, command: Program): Promise<void> {
  const networksOf = podNetworksOf(flags, command)
  if (networksOf === undefined) return
  const problem = flags.save === undefined ? undefined : notReplaceable(flags.save)
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`)
    process.exitCode = EXIT.badInput
    return
  }
  const found = await askAndRead({ word: 'flows', isAnswer: isAgentFlows }, flags)
  if (found === undefined) return
  const { asked, cluster } = found
  const now = Date.now()
  const list = listFlows(cluster, asked.answers.map(nodeFlows), {
    instantOf: instantsBefore(now),
    silent: asked.silent,
    podNetworks: networksOf(cluster),
  })
  const [isAsked, isFolded] = [flowFilter(flags, command), foldedFilter(flags, command)]
  const ageOf = (time: string) => (now - Date.parse(time)) / 1000
  const shown: FlowList = {
    ...list,
    folded: list.folded.filter(({ source, lastSeen }) => isFolded({ from: source, lastAge: ageOf(lastSeen) })),
    flows: list.flows.filter(({ source, destination, lastSeen }) =>
      isAsked({ from: source, to: destination, lastAge: ageOf(lastSeen) }),
    ),
  }
  if (asked.answers.every(({ observes }) => !observes)) process.stderr.write(UNOBSERVED)
  const json = () => `${JSON.stringify(flowListJson(shown), undefined, 2)}\n`
  if (flags.save !== undefined && !writePrivately(flags.save, json())) return
  if (flags.output === 'json') process.stdout.write(flags.save === undefined ? json() : '')
  else process.stdout.write(flowsText(shown, flags.output === 'wide', textStyle()))
}

const UNOBSERVED = 'only denied flows are here: no agent that answered runs with --observe\n'

function nodeFlows({ node, at, since, observes, flows: noted, folded, lost, full }: AgentFlows): NodeFlows {
  const denied = lost.denied.reduce((sum, { packets }) => sum + packets, 0)
  return {
    node,
    // By the node's own clock, both of them.
    sinceAge: Math.max(0, (Date.parse(at) - Date.parse(since)) / 1000),
    observes,
    flows: noted,
    folded,
    lost: lost.allowed === null ? { denied } : { denied, allowed: lost.allowed },
    full,
  }
}
