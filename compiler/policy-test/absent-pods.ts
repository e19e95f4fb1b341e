import type { GraphPod } from '../graph/allow-graph.ts'
import type { Grant } from '../graph/grants.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import type { Direction } from '../objects/direction.ts'
import type { NamedPort } from '../objects/objects.ts'
import {
  EVERY_PORT,
  isNoPort,
  type PortSet,
  portSetOfGrant,
  subtractPortSets,
  unionPortSets,
} from '../reach/port-set.ts'
import { inPeerGroup } from '../selectors/in-peer-group.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'
import type { AskedPorts } from './asked-ports.ts'
import { selectedSet } from './end-set.ts'
import type { End, SelectedPods } from './policy-test.ts'
import { labelCases, type PossiblePod, withAName } from './possible-pods.ts'
import type { World } from './world.ts'

/** Pods that an end means although the input has none of them: with just the labels that it asks for. */
export function absentPods(world: World, end: End): readonly PossiblePod[] {
  if (end.kind === 'any of') return end.ends.flatMap((one) => absentPods(world, one))
  if (end.kind !== 'selected' || !end.absent) return []
  const { pods, hosts } = selectedSet(world, end)
  return pods.size + hosts.size > 0 ? [] : casesOf(world, end)
}

/** One for each combination of values that the selectors list; none where no namespace can be meant. */
export function casesOf(world: World, end: SelectedPods & { readonly text: string }): readonly PossiblePod[] {
  const places = labelCases(end.namespaces).flatMap((labels) => {
    const namespace = labels.get(NAMESPACE_NAME_LABEL)
    const namespaceLabels = world.namespaces.get(namespace ?? '') ?? withAName(labels)
    return matchesSelector(end.namespaces, namespaceLabels) ? [{ namespace, namespaceLabels }] : []
  })
  return labelCases(end.pods).flatMap((labels) => places.map((place) => ({ ...place, labels, text: end.text })))
}

/** On which ports a direction of a pod is open to such a pod; `own` are the named ports of the destination. */
export function grantedTo(
  pod: GraphPod,
  direction: Direction,
  possible: PossiblePod,
  own: readonly NamedPort[] | undefined,
): PortSet {
  const isolation = pod[direction]
  if (isolation === 'open') return EVERY_PORT
  return unionPortSets(
    isolation.list.filter((grant) => isFor(grant, possible)).map(({ ports }) => portSetOfGrant(ports, own)),
  )
}

/** May the pod connect to such a pod, on all these ports? What number a name has there is not known, so a rule has to name it. */
export function reachesAbsent(pod: GraphPod, possible: PossiblePod, { numbers, names }: AskedPorts): boolean {
  const { egress } = pod
  if (egress === 'open') return true
  const granted = grantedTo(pod, 'egress', possible, undefined)
  const named = egress.list.flatMap((grant) => (isFor(grant, possible) ? [grant.ports] : []))
  return (
    isNoPort(subtractPortSets(numbers, granted)) &&
    names.every(({ protocol, name }) =>
      named.some(
        (ports) =>
          ports.kind === 'any' ||
          (ports.protocol === protocol &&
            (ports.kind === 'protocol' || (ports.kind === 'name' && ports.name === name))),
      ),
    )
  )
}

function isFor({ peers }: Grant, { namespace = '', namespaceLabels, labels }: PossiblePod): boolean {
  if (peers.kind === 'anyone') return true
  return peers.groups.some((group) => inPeerGroup(group, { name: namespace, labels: namespaceLabels }, labels))
}
