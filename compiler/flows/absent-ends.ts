import type { Family } from '../addresses/address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import type { Transport } from '../graph/judge.ts'
import type { Direction } from '../objects/direction.ts'
import { podName } from '../objects/pod-name.ts'
import { type AbsentPeer, admitsAsBefore } from './admits-as-before.ts'
import { createAdmittedAsBefore } from './admitted-as-before.ts'
import type { RecordedEnd } from './flow-list.ts'
import { type PodsEnd, podsOfEnd } from './judge-flow.ts'

/** A flow between pods of both inputs and an end that is in neither. */
export interface HalfKnownFlow {
  readonly was: PodsEnd
  readonly is: PodsEnd
  readonly absent: RecordedEnd
  /** Of the end that is known: its egress, if it is who asks. */
  readonly own: Direction
  readonly transport: Transport
  readonly family: Family
}

/**
 * May the flow surely pass afterwards, if it could before? The labels of the absent end are nobody's to know, but the same in both, so the
 * same selectors find it; of all else the worst is thought.
 */
export function createSurelyStays(before: Cluster, after: Cluster): (flow: HalfKnownFlow) => boolean {
  const declared = [...new Set([before, after].flatMap(({ namespaces }) => [...namespaces.keys()])), undefined]
  const isAdmitted = createAdmittedAsBefore(before, after)

  return ({ was, is, absent, own, transport, family }) => {
    const namespace = absent.kind === 'pod' ? absent.namespace : undefined
    const namespaces = namespace === undefined ? declared : [namespace]
    const peer: AbsentPeer = { namespaces, address: parseAddress(absent.address) }
    const olds = podsOfEnd(was)
    return podsOfEnd(is).every((pod) => {
      const now = { graph: after.graph, pod }
      const namesake = olds.find((old) => podName(old.pod) === podName(pod.pod))
      return (namesake === undefined ? olds : [namesake]).every((old) => {
        const then = { graph: before.graph, pod: old }
        const asked = { direction: own === 'egress' ? 'ingress' : 'egress', transport, family } as const
        return admitsAsBefore(then, now, own, peer, transport) && isAdmitted(then, now, namespace, asked)
      })
    })
  }
}
