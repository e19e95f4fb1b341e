import { Command, InvalidArgumentError, Option } from 'commander'
import { entries, type Entry } from '../../compiler/explain/entries.ts'
import { parsePort, transportOf } from '../../compiler/explain/parse-port.ts'
import type { Transport } from '../../compiler/graph/judge.ts'
import type { FlowList } from '../../compiler/flows/flow-list.ts'
import { nearestWord } from '../../compiler/objects/did-you-mean.ts'
import { podKey } from '../../compiler/objects/pod-name.ts'
import { quote } from '../../compiler/objects/quote.ts'
import { deniedGraph } from '../../compiler/reach/denied-graph.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import type { FoldBy, ReachNode } from '../../compiler/reach/fold.ts'
import { namespaceOverview } from '../../compiler/reach/namespace-overview.ts'
import { reachGraph, type ReachGraph } from '../../compiler/reach/reach-graph.ts'
import { transportOf as transportOfFlow } from '../../compiler/flows/why-denied.ts'
import { flowOverlay } from '../views/flow-overlay.ts'
import { type LaidFlow, layFlows } from '../views/lay-flows.ts'
import { seenEdges } from '../views/seen-edges.ts'
import { dotText } from '../views/dot-text.ts'
import { entryJson } from '../views/entries-text.ts'
import { mermaidText } from '../views/mermaid-text.ts'
import { narrowGraph, nodesNamed } from '../views/narrow-graph.ts'
import type { PageAsked } from '../views/page/page-asked.ts'
import { pictureOf } from '../views/picture.ts'
import { reachCsv } from '../views/reach-csv.ts'
import { reachGraphJson } from '../views/reach-graph-json.ts'
import { reachMarkdown } from '../views/reach-markdown.ts'
import { reachRows, spokenEdges } from '../views/reach-rows.ts'
import { reachText } from '../views/reach-text.ts'
import { type Cited, createRulesBehind } from '../views/rules-behind.ts'
import { EXIT } from './exit-codes.ts'
import { type ClusterInput, readClusterInput, withNotes } from './read-cluster-input.ts'
import { readFlowFile } from './read-flow-file.ts'
import { addReadingOptions, type ReadingFlags, saidNamespace } from './reading-options.ts'
import { textStyle } from './text-style.ts'

type Output = (typeof OUTPUTS)[number]

interface GraphFlags extends ReadingFlags {
  readonly output: Output
  readonly by: FoldBy
  readonly focus?: readonly string[]
  readonly in?: readonly string[]
  readonly port?: Transport
  readonly denied?: true
  readonly flows?: string
}

const OUTPUTS = ['html', 'text', 'md', 'csv', 'svg', 'dot', 'mermaid', 'json'] as const

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
  return asked && textOf(asked, cluster, flags, list)
}

interface AskedGraph {
  readonly reach: ReachGraph
  /** Without what is not asked; before namespaces were folded. */
  readonly shown: readonly ReachNode[]
  /** Those that --focus and --in name; undefined: all. */
  readonly focus: readonly ReachNode[] | undefined
}

/** The graph that the flags ask for; undefined after having said why there is none. */
function askedGraph(cluster: ClusterInput, flags: GraphFlags): AskedGraph | undefined {
  const by = flags.by === 'namespace' ? 'workload' : flags.by
  const whole = reachGraph(cluster.graph, by)
  const focus = focusOf(whole.nodes, flags)
  if (focus === 'unknown') return undefined
  const isAsked = ({ id }: ReachNode): boolean => focus === undefined || focus.has(id)
  const asked = flags.denied === true ? deniedGraph(cluster.graph, by, isAsked) : whole
  const narrow = narrowGraph(asked, { focus, transport: flags.port })
  const reach = flags.by === 'namespace' ? namespaceOverview(narrow) : narrow
  return { reach, shown: narrow.nodes, focus: focus && whole.nodes.filter(isAsked) }
}

/** The ids that --focus and --in name; undefined: all. */
function focusOf(nodes: readonly ReachNode[], flags: GraphFlags): ReadonlySet<string> | undefined | 'unknown' {
  const words = [...(flags.focus ?? []), ...(flags.in ?? []).map((name) => `${name}/*`)]
  if (flags.focus === undefined && flags.in === undefined) return undefined
  const ids = new Set<string>()
  for (const word of words) {
    const named = nodesNamed(nodes, word, flags.namespace)
    for (const { id } of named) ids.add(id)
    if (named.length > 0) continue
    const candidates = nodes.flatMap(({ id, namespace }) => (word.endsWith('/*') ? [`${namespace}/*`] : [id]))
    const near = nearestWord(word.includes('/') ? word : `${flags.namespace}/${word}`, candidates)
    process.stderr.write(
      `${quote(word)} is nothing in the input${near === undefined ? '; give namespace/name, or -n' : `; did you mean ${near}?`}\n`,
    )
    process.exitCode = EXIT.badInput
    return 'unknown'
  }
  return ids
}

async function textOf(
  asked: AskedGraph,
  cluster: ClusterInput,
  flags: GraphFlags,
  list: FlowList | undefined,
): Promise<string> {
  const { reach } = asked
  const why = reasons(cluster, reach, flags)
  const isAside = flags.denied === true || flags.port !== undefined
  const ways = isAside ? [] : entriesOf(cluster, reach, flags)
  // Drawings join them to workloads.
  const drawn = flags.by === 'workload' ? ways : []
  switch (flags.output) {
    case 'text':
      return reachText(reachRows(spokenEdges(reach), why), reach, ways, textStyle())
    case 'md':
      return reachMarkdown(reachRows(spokenEdges(reach), why), reach, ways)
    case 'csv':
      return reachCsv(reachRows(reach.edges, why))
    case 'json':
      return `${JSON.stringify({ ...reachGraphJson(reach), ...(ways.length === 0 ? {} : { entries: ways.map(entryJson) }), ...(list === undefined ? {} : { flows: flowOverlay(cluster, reach, list) }), ...withNotes(cluster.notes) }, undefined, 2)}\n`
    case 'svg': {
      const { graphSvg } = await import('../views/svg/graph-svg.ts')
      return graphSvg(reach, drawn, list && seenOf(asked, cluster, flags, list))
    }
    case 'dot':
      return dotText(pictureOf(reach, drawn))
    case 'mermaid':
      return mermaidText(pictureOf(reach, drawn))
    case 'html': {
      // The layout engine is only for those who draw.
      const { graphPage } = await import('../views/page/graph-page.ts')
      const by = flags.by === 'namespace' ? 'workload' : flags.by
      return graphPage(cluster, by, { asked: pageAsked(asked, flags), drawn: reach, ways: drawn, seen: list })
    }
  }
}

/** What was seen of what is asked for. */
function seenOf(
  { reach, focus }: AskedGraph,
  cluster: ClusterInput,
  { port }: GraphFlags,
  { flows }: FlowList,
): readonly LaidFlow[] {
  const onPort = flows.filter(({ carries }) => port === undefined || isEqual(transportOfFlow(carries), port))
  const ids = focus && new Set(focus.map(({ id }) => id))
  const seen = seenEdges(cluster.graph, reach.nodes, { flows: onPort }).flows.filter(
    ({ from, to }) => ids === undefined || ids.has(from) || ids.has(to),
  )
  return layFlows(seen, reach.edges, reach.blocks)
}

function isEqual(one: Transport, other: Transport): boolean {
  return one.protocol === other.protocol && ('port' in one ? one.port : 0) === ('port' in other ? other.port : 0)
}

function pageAsked(
  { shown, focus }: AskedGraph,
  { focus: names, in: namespaces, port, denied }: GraphFlags,
): PageAsked {
  const isNarrow = focus !== undefined || port !== undefined
  return {
    shown: isNarrow ? keysOf(shown) : undefined,
    focus: focus && keysOf(focus),
    words: [...(names ?? []), ...(namespaces ?? []).map((name) => `namespace ${name}`)],
    port: port === undefined ? '' : port.protocol === 'other' ? 'icmp' : `${port.port}/${port.protocol}`,
    denied: denied === true,
  }
}

function keysOf(nodes: readonly ReachNode[]): ReadonlySet<string> {
  return new Set(nodes.flatMap(({ members }) => members.map(({ pod }) => podKey(pod))))
}

/** The rules that let edges pass, or the policies that do not; of an overview, whose edges are many things, none. */
function reasons(
  cluster: ClusterInput,
  reach: ReachGraph,
  { by, denied }: GraphFlags,
): (edges: readonly Edge[]) => readonly Cited[] {
  if (by === 'namespace') return () => []
  const behind = createRulesBehind(cluster, reach)
  return denied === true ? behind.isolating : behind.granting
}

/** Ways from outside through controllers; of those in focus, where something is. */
function entriesOf(
  cluster: ClusterInput,
  { nodes }: ReachGraph,
  { focus, in: namespaces }: GraphFlags,
): readonly Entry[] {
  const all = entries(cluster)
  if (focus === undefined && namespaces === undefined) return all
  const names = new Set(
    nodes.flatMap(({ members }) =>
      members.flatMap(({ pod }) => [`${pod.namespace}/${pod.name}`, `${pod.namespace}/${pod.workload?.name ?? ''}`]),
    ),
  )
  return all.filter(({ to, through }) => names.has(to) || through.some((name) => names.has(name)))
}
