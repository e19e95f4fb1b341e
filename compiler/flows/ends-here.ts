import type { Address } from '../addresses/address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { printable } from '../objects/quote.ts'
import type { RecordedEnd } from './flow-list.ts'
import { workloadKey, type WorkloadPods, workloadPods } from './workload-pods.ts'

/** What an end of a recorded flow is in a cluster, which may be another one than that in which it was seen. */
export type EndHere =
  /** `exact`: that very pod is here; else any pod of its workload may be meant, of which one at least has an address. */
  | { readonly kind: 'pods'; readonly workload: WorkloadPods; readonly exact: GraphPod | undefined }
  | { readonly kind: 'address'; readonly address: Address }
  /** Nobody here; the reason for people, as a sentence about the end. `pods`: of its workload, but without an address. */
  | { readonly kind: 'unresolved'; readonly reason: string; readonly pods?: readonly GraphPod[] | undefined }

export interface EndsHere {
  /** Of the cluster, sorted by id; those without an address too. */
  readonly workloads: readonly WorkloadPods[]
  find(end: RecordedEnd): EndHere
}

/** Pods go by their names, since in manifests nobody has the address that was seen; all others by their address. */
export function endsHere(graph: AllowGraph): EndsHere {
  const workloads = workloadPods(graph)
  const byKey = new Map(
    workloads.flatMap((one) => one.pods.map(({ pod }) => [workloadKey(pod.namespace, pod.name, pod.workload), one])),
  )
  const found = new Map<string, EndHere>()
  const findPod = ({ namespace, name, workload: recorded }: RecordedEnd & { readonly kind: 'pod' }): EndHere => {
    const workload = byKey.get(workloadKey(namespace, name, recorded))
    const called = `${namespace}/${recorded?.name ?? name}`
    if (workload === undefined)
      return { kind: 'unresolved', reason: `${printable(called)} ${whyMissing(graph, called)}` }
    const addressed = workload.pods.filter(({ addresses }) => addresses.length > 0)
    if (addressed.length === 0) {
      return { kind: 'unresolved', reason: `${printable(called)} has no pod with an address`, pods: workload.pods }
    }
    const exact = addressed.find(
      ({ pod }) => pod.name === name && (pod.standIn !== true || pod.workload?.name !== name),
    )
    return { kind: 'pods', workload, exact }
  }
  return {
    workloads,
    find(end) {
      if (end.kind === 'unresolved') return { kind: 'unresolved', reason: 'who had that address has gone' }
      if (end.kind !== 'pod') return findAddress(end.address)
      const key = JSON.stringify([end.namespace, end.name, end.workload?.kind, end.workload?.name])
      let here = found.get(key)
      if (here === undefined) found.set(key, (here = findPod(end)))
      return here
    },
  }
}

function findAddress(text: string): EndHere {
  const address = parseAddress(text)
  if (address === undefined) throw new Error(`a recorded address is canonical: ${text}`)
  return { kind: 'address', address }
}

function whyMissing({ pods }: AllowGraph, called: string): string {
  for (const { pod } of pods.values()) {
    if (pod.hostNetwork && `${pod.namespace}/${pod.workload?.name ?? pod.name}` === called)
      return 'is on the network of its node here'
  }
  return 'is not in the input'
}
