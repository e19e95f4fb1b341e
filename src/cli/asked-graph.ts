import { entries, type Entry } from '../../compiler/explain/entries.ts'
import { findEnd } from '../../compiler/cluster/find-end.ts'
import { nearestWord } from '../../compiler/objects/did-you-mean.ts'
import { fewNames } from '../../compiler/objects/few-names.ts'
import { podKey } from '../../compiler/objects/pod-name.ts'
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
  const focus = focusOf(cluster, whole.nodes, flags)
  if (focus === 'unknown') return undefined
  const isAsked = ({ id }: ReachNode): boolean => focus === undefined || focus.has(id)
  const asked = flags.denied === true ? deniedGraph(cluster.graph, by, isAsked) : whole
  const narrow = narrowGraph(asked, { focus, transport: flags.port })
  const reach = flags.by === 'namespace' ? namespaceOverview(narrow) : narrow
  return { reach, shown: narrow.nodes, focus: focus && whole.nodes.filter(isAsked) }
}

/** The ids that --focus and --in name; undefined: all. */
function focusOf(
  cluster: ClusterInput,
  nodes: readonly ReachNode[],
  flags: GraphFlags,
): ReadonlySet<string> | undefined | 'unknown' {
  const words = [...(flags.focus ?? []), ...(flags.in ?? []).map((name) => `${name}/*`)]
  if (flags.focus === undefined && flags.in === undefined) return undefined
  const ids = new Set<string>()
  for (const word of words) {
    const called = nodesNamed(nodes, word, flags.namespace)
    const named = called.length > 0 ? called : nodesFound(cluster, nodes, word, flags.namespace)
    for (const { id } of named) ids.add(id)
    if (named.length > 0) continue
    process.stderr.write(`${notThere(cluster, nodes, word, flags.namespace)}\n`)
    process.exitCode = EXIT.badInput
    return 'unknown'
  }
  return ids
}

/** In the other words that name a pod or workload: `deploy/web`, an address. */
function nodesFound(
  cluster: ClusterInput,
  nodes: readonly ReachNode[],
  word: string,
  defaultNamespace: string,
): readonly ReachNode[] {
  const found = findEnd(cluster, word, defaultNamespace)
  if (found.kind !== 'pods' && found.kind !== 'hosts') return []
  const keys = new Set(found.pods.map(({ pod }) => podKey(pod)))
  return nodes.filter(({ members }) => members.some(({ pod }) => keys.has(podKey(pod))))
}

/** Why a word names nobody, and what is near. */
function notThere(cluster: ClusterInput, nodes: readonly ReachNode[], word: string, defaultNamespace: string): string {
  if (word.endsWith('/*')) return noPodIn(cluster, nodes, word.slice(0, -'/*'.length))
  const found = findEnd(cluster, word, defaultNamespace)
  if (found.kind === 'nothing') return found.hint === '' ? found.problem : `${found.problem}; ${found.hint}`
  // A Service, an address: an end of a connection, and none of the graph.
  return `${quote(word)} is no pod or workload; give namespace/name, or -n`
}

function noPodIn({ namespaces }: ClusterInput, nodes: readonly ReachNode[], name: string): string {
  const problem = namespaces.has(name) ? `no pod is in namespace ${quote(name)}` : `no namespace ${quote(name)}`
  const known = [...new Set(nodes.map(({ namespace }) => namespace))].sort()
  if (known.length === 0) return `${problem}; the input holds no pod`
  const near = nearestWord(name, known)
  if (near !== undefined) return `${problem}; did you mean ${near}?`
  return `${problem}; there ${known.length === 1 ? 'is' : 'are'} ${fewNames(known)}`
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
