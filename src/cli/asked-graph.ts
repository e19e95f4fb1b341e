import { entries, type Entry } from '../../compiler/explain/entries.ts'
import { nearestWord } from '../../compiler/objects/did-you-mean.ts'
import { quote } from '../../compiler/objects/quote.ts'
import { deniedGraph } from '../../compiler/reach/denied-graph.ts'
import type { ReachNode } from '../../compiler/reach/fold.ts'
import { namespaceOverview } from '../../compiler/reach/namespace-overview.ts'
import { reachGraph, type ReachGraph } from '../../compiler/reach/reach-graph.ts'
import { narrowGraph, nodesNamed } from '../views/narrow-graph.ts'
import { EXIT } from './exit-codes.ts'
import { type ClusterInput } from './read-cluster-input.ts'
import type { GraphFlags } from './graph-flags.ts'

/** A graph with nothing in it that was not asked for. */
export interface AskedGraph {
  readonly reach: ReachGraph
  /** Without what is not asked; before namespaces were folded. */
  readonly shown: readonly ReachNode[]
  /** Those that --focus and --in name; undefined: all. */
  readonly focus: readonly ReachNode[] | undefined
}

/** The graph that the flags ask for; undefined after having said why there is none. */
export function askedGraph(cluster: ClusterInput, flags: GraphFlags): AskedGraph | undefined {
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

/** Ways from outside through controllers; of those in focus, where something is. */
export function entriesOf(
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
