import type { Family } from '../addresses/address.ts'
import { isolatedBy } from '../engine/isolated-by.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { judgeDirection, type Transport } from '../graph/judge.ts'
import type { Direction } from '../objects/direction.ts'
import { equalValues } from '../objects/equal-meaning.ts'
import type { NamedPort, Policy } from '../objects/objects.ts'
import { podName } from '../objects/pod-name.ts'
import { peerOfPod } from './judge-flow.ts'
import { podLook, type PodThere } from './pod-look.ts'

/** What is asked of the absent end. */
export interface AskedOfAbsent {
  readonly direction: Direction
  readonly transport: Transport
  readonly family: Family
}

/** `namespace`: of the absent end; undefined: not known. */
export type AdmittedAsBefore = (
  was: PodThere,
  is: PodThere,
  namespace: string | undefined,
  asked: AskedOfAbsent,
) => boolean

/**
 * Do policies of an end that is in neither input surely let it speak with the pod, if they did before? Which of them select it nobody knows,
 * but the same selectors do in both. So they do where each that stands afterwards allows it; or where those that do not have isolated the
 * same pods before, and those that allowed it still do. Of equal questions one is asked.
 */
export function createAdmittedAsBefore(before: Cluster, after: Cluster): AdmittedAsBefore {
  const known = new Map<string, boolean>()
  return (was, is, namespace, asked) => {
    const key = JSON.stringify([podName(was.pod.pod), podName(is.pod.pod), namespace, asked])
    let admitted = known.get(key)
    if (admitted === undefined) {
      const speaking = ({ graph }: Cluster) =>
        graph.policies.filter(
          (one) => one[asked.direction] !== undefined && (namespace === undefined || one.namespace === namespace),
        )
      known.set(
        key,
        (admitted = isAdmitted({ ...was, policies: speaking(before) }, { ...is, policies: speaking(after) }, asked)),
      )
    }
    return admitted
  }
}

interface Side extends PodThere {
  /** Which may select the absent end, and speak of its direction. */
  readonly policies: readonly Policy[]
}

function isAdmitted(was: Side, is: Side, asked: AskedOfAbsent): boolean {
  const refusing = new Set(is.policies.filter((policy) => !allows(policy, is, asked, 'none')))
  if (refusing.size === 0) return true
  const looksSame = podLook(was) === podLook(is)
  const twins = Map.groupBy(is.policies, subjectsOf)
  const isolating = new Set(was.policies.map(subjectsOf))
  if ([...refusing].some((policy) => !isolating.has(subjectsOf(policy)))) return false
  return was.policies
    .filter((policy) => allows(policy, was, asked, 'any'))
    .every((policy) =>
      (twins.get(subjectsOf(policy)) ?? []).some(
        (twin) =>
          !refusing.has(twin) || (looksSame && equalValues(twin[asked.direction], policy[asked.direction], 'place')),
      ),
    )
}

/** `names`: which ports of the absent end have the name that a policy asks for: that of the flow has none, or any. */
function allows(
  policy: Policy,
  { graph, pod }: PodThere,
  { direction, transport, family }: AskedOfAbsent,
  names: 'none' | 'any',
): boolean {
  const peer = peerOfPod(pod, family)
  if (peer === undefined) return false
  const ports = direction === 'ingress' && names === 'any' ? portsNamed(policy, transport) : []
  return judgeDirection(graph, isolatedBy([policy], ports)[direction], peer, transport, pod).allowed
}

/** As if the port of the flow had every name by which the policy calls one. */
function portsNamed({ ingress }: Policy, transport: Transport): readonly NamedPort[] {
  if (ingress?.kind !== 'rules' || transport.protocol === 'other') return []
  const { protocol, port: number } = transport
  const ports = ingress.rules.flatMap((rule) => (rule.ports === 'any' ? [] : rule.ports))
  return ports.flatMap((port) => (port.kind === 'name' ? [{ name: port.name, protocol, number }] : []))
}

/** Equal: whoever the one policy selects, the other does. */
function subjectsOf({ namespace, podSelector }: Policy): string {
  return `${namespace} ${podSelector.key}`
}
