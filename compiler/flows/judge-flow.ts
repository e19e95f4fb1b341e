import { type Address, FAMILIES, type Family } from '../addresses/address.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { judgeDirection, type Peer, type Transport } from '../graph/judge.ts'
import { peerOf } from '../graph/peer-of.ts'
import type { EndHere } from './ends-here.ts'

/** Where a recorded flow may go: between every pod of its ends, between some, or between none. */
export type Passage = 'all' | 'some' | 'none'

/** An end that is here. */
export type FoundEnd = Exclude<EndHere, { readonly kind: 'unresolved' }>

export type PodsEnd = EndHere & { readonly kind: 'pods' }

/** How policies judge flows between workloads; of equal questions, which are most, one is asked. */
export function createFlowJudge(
  graph: AllowGraph,
): (from: FoundEnd, to: FoundEnd, transport: Transport, family: Family) => Passage {
  const known = new Map<string, Passage>()
  return (from, to, transport, family) => {
    const key = JSON.stringify([endKey(from), endKey(to), transport, family])
    let passage = known.get(key)
    if (passage === undefined) known.set(key, (passage = judgeFlow(graph, from, to, transport, family)))
    return passage
  }
}

function judgeFlow(graph: AllowGraph, from: FoundEnd, to: FoundEnd, transport: Transport, family: Family): Passage {
  let [passing, denied] = [0, 0]
  const destinations = peersOfEnd(to, family)
  for (const source of peersOfEnd(from, family)) {
    for (const destination of destinations) {
      // A pod reaches itself whatever policies say; two of its workload may not.
      if (source.owner !== undefined && source.owner === destination.owner) continue
      const { owner } = destination
      const egress = judgeDirection(graph, source.owner?.egress ?? 'open', destination, transport, owner)
      const ingress = judgeDirection(graph, owner?.ingress ?? 'open', source, transport, owner)
      if (egress.allowed && ingress.allowed) passing += 1
      else denied += 1
    }
  }
  if (denied === 0) return 'all'
  return passing === 0 ? 'none' : 'some'
}

/** The very pod that was seen, where it is here; else all of its workload that have addresses. */
export function podsOfEnd(end: PodsEnd): readonly GraphPod[] {
  if (end.exact !== undefined) return [end.exact]
  return end.workload.pods.filter(({ addresses }) => addresses.length > 0)
}

function peersOfEnd(end: FoundEnd, family: Family): readonly Peer[] {
  if (end.kind === 'address') return [{ address: end.address, owner: undefined }]
  return podsOfEnd(end).flatMap((pod) => peerOfPod(pod, family) ?? [])
}

/** In manifests a pod has one address, of whatever family. */
export function peerOfPod(pod: GraphPod, family: Family): Peer | undefined {
  const [other] = FAMILIES.flatMap((one) => (one === family ? [] : (peerOf(pod, one) ?? [])))
  return peerOf(pod, family) ?? other
}

function endKey(end: FoundEnd): unknown {
  if (end.kind === 'address') return addressKey(end.address)
  return [end.workload.id, end.exact?.pod.name]
}

function addressKey({ family, value }: Address): string {
  return `${family} ${value}`
}
