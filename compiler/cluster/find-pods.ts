import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { quote } from '../objects/quote.ts'
import type { Cluster } from './create-cluster.ts'
import { type FoundEnd, nothing } from './found-end.ts'

/** The pod of a name, or the pods of the workload of a name; of one `kind` where a name is several things. Undefined: none. */
export function findPods(cluster: Cluster, namespace: string, name: string, kind?: string): FoundEnd | undefined {
  const { pods: found, exact } = choosePods(cluster, namespace, name, kind)
  if (found.length === 0) return undefined
  const shown = `${namespace}/${name}`
  const kinds = [...new Set(found.map(({ pod }) => pod.workload?.kind ?? 'Pod'))].sort()
  if (kind === undefined && kinds.length > 1 && found.every(({ pod }) => pod.workload?.name === name)) {
    const words = kinds.map((one) => `${namespace}/${one.toLowerCase()}/${name}`)
    return nothing(`${quote(shown)} is more than one thing: ${kinds.join(', ')}`, `say ${words.join(' or ')}`)
  }
  const governed = found.filter(({ addresses }) => addresses.length > 0)
  if (governed.length > 0) return { kind: 'pods', name: shown, pods: governed, exact }
  const hosts = found.filter(({ pod }) => pod.hostNetwork)
  if (hosts.length > 0) return { kind: 'hosts', name: shown, pods: withoutStandIns(hosts) }
  return nothing(`${shown} has no address yet`, 'nothing can be said of its traffic')
}

interface Chosen {
  readonly pods: readonly GraphPod[]
  readonly exact: boolean
}

function choosePods(cluster: Cluster, namespace: string, name: string, kind?: string): Chosen {
  const here = podsCalled(cluster.graph, `${namespace}/${name}`)
  const exact = here.filter(({ pod }) => pod.name === name && (!pod.standIn || pod.workload?.name !== name))
  if (kind === 'Pod' || (kind === undefined && exact.length > 0)) return { pods: exact, exact: true }
  const pods = here.filter(
    ({ pod }) => pod.workload?.name === name && (kind === undefined || pod.workload.kind === kind),
  )
  return { pods, exact: false }
}

/** Many questions are asked of one graph: unfinished pods by their own name and by that of their workload. */
const known = new WeakMap<AllowGraph, ReadonlyMap<string, readonly GraphPod[]>>()

function podsCalled(graph: AllowGraph, name: string): readonly GraphPod[] {
  let index = known.get(graph)
  if (index === undefined) known.set(graph, (index = indexNames(graph)))
  return index.get(name) ?? []
}

function indexNames({ pods }: AllowGraph): ReadonlyMap<string, readonly GraphPod[]> {
  const index = new Map<string, GraphPod[]>()
  for (const one of pods.values()) {
    const { namespace, name, workload, finished } = one.pod
    if (finished) continue
    for (const called of new Set([name, workload?.name ?? name])) {
      const key = `${namespace}/${called}`
      const list = index.get(key)
      if (list === undefined) index.set(key, [one])
      else list.push(one)
    }
  }
  return index
}

/** Where the input has pods of the workload, they say more than what stands for it. */
function withoutStandIns(pods: readonly GraphPod[]): readonly GraphPod[] {
  const real = pods.filter(({ pod }) => pod.standIn !== true)
  return real.length > 0 ? real : pods
}
