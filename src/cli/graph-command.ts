import { Command, InvalidArgumentError, Option } from 'commander'
import { parsePort, transportOf } from '../../compiler/explain/parse-port.ts'
import type { Transport } from '../../compiler/graph/judge.ts'
import type { FlowList } from '../../compiler/flows/flow-list.ts'
import { type ClusterInput, readClusterInput } from './read-cluster-input.ts'
import { readFlowFile } from './read-flow-file.ts'
import { addReadingOptions, saidNamespace } from './reading-options.ts'
import { askedGraph } from './asked-graph.ts'
import { type GraphFlags, OUTPUTS } from './graph-flags.ts'
import { graphText } from './graph-text.ts'

const MORE = `
--by namespace is an overview: an edge is what some pod of the one namespace may with some pod of the other.

text, md and csv say of each connection which rules let it pass; with --denied, what does not pass and which policies
see to that. Where no policy has a say text and md say nothing, and csv has everything.`

/** `selvedge graph`: who can reach whom, to look at. */
export function graphCommand(): Command {
  const command = new Command('graph').description('draw who can reach whom').addHelpText('after', MORE)
  return addReadingOptions(command, 'narrowing')
    .addOption(
      new Option('--by <what>', 'fold pods that behave alike')
        .choices(['workload', 'pod', 'namespace'])
        .default('workload'),
    )
    .option('--focus <names>', 'only connections of these workloads or pods: db,shop/web', list)
    .option('--in <namespaces>', 'only connections of pods of these namespaces; -n of one', list)
    .option('--port <port>', 'only what can pass on this port: 443, 53/UDP, icmp', transport)
    .option(
      '--flows <file>',
      'what was seen, a file of selvedge flows -o json: who does and who tried, with -o html, svg or json',
    )
    .option('--denied', 'what does not pass, between pods and from and to addresses outside')
    .addOption(
      new Option(
        '-o, --output <format>',
        'html: a page to search and click; text, md, csv: a table with the rules; svg; dot: for Graphviz; mermaid: for Markdown; json',
      )
        .choices(OUTPUTS)
        .default('html'),
    )
    .action(graph)
}

function list(text: string): readonly string[] {
  return text.split(',').filter((word) => word !== '')
}

function transport(text: string): Transport {
  const port = parsePort(text)
  if (port.kind === 'problem') throw new InvalidArgumentError(`${port.problem}; ${port.hint}`)
  if (port.kind === 'name') throw new InvalidArgumentError('a name is another number at each pod: give the number.')
  return transportOf(port)
}

async function graph(given: GraphFlags, command: Command): Promise<void> {
  // Of a namespace that is said all is asked; beside names it only says where these are.
  const said = given.focus === undefined ? saidNamespace(given, command) : undefined
  const flags = said === undefined ? given : { ...given, in: [...(given.in ?? []), said] }
  if (
    given.flows !== undefined &&
    (!['html', 'json', 'svg'].includes(given.output) || given.by === 'namespace' || given.denied)
  )
    command.error('error: --flows is for -o html, svg and json, by workload or pod, of what may pass')
  const list = given.flows === undefined ? undefined : readFlowFile(given.flows)
  if (given.flows !== undefined && list === undefined) return
  const cluster = await readClusterInput(flags)
  if (cluster === undefined) return
  const text = await askedText(cluster, flags, list)
  if (text === undefined) return
  process.stdout.write(text)
  if (flags.output === 'html' && process.stdout.isTTY)
    process.stderr.write('that was a page: write it into a file (> graph.html), or say -o text\n')
}

/** Undefined after having said why there is none. */
async function askedText(
  cluster: ClusterInput,
  flags: GraphFlags,
  list: FlowList | undefined,
): Promise<string | undefined> {
  const isAll = [flags.focus, flags.in, flags.port, flags.denied].every((one) => one === undefined)
  if (flags.output === 'html' && isAll && flags.by !== 'namespace') {
    const { graphPage } = await import('../views/page/graph-page.ts')
    return graphPage(cluster, flags.by, { seen: list })
  }
  const asked = askedGraph(cluster, flags)
  return asked && graphText(asked, cluster, flags, list)
}
