import type { FoundEnd } from '../cluster/found-end.ts'

/** Which source address policy sees when somebody outside comes through a Service (core/v1 externalTrafficPolicy). */
export function serviceSourceNotes(from: FoundEnd, to: FoundEnd): readonly string[] {
  if ((from.kind !== 'address' && from.kind !== 'hosts') || to.kind !== 'service') return []
  const { type, externalTrafficPolicy } = to.service
  if (type !== 'NodePort' && type !== 'LoadBalancer') {
    return [`Service ${to.name} has no address outside of the cluster; this is as if ${from.name} reached its pods`]
  }
  const doors = type === 'LoadBalancer' ? 'load balancer address' : 'node port'
  if (externalTrafficPolicy === 'Local') {
    return [`externalTrafficPolicy: Local: through the ${doors} policy sees ${from.name} itself`]
  }
  return [
    `externalTrafficPolicy: Cluster: a connection through the ${doors} of a node without the pod arrives with that node's ` +
      `address (over VXLAN that of its flannel.1), and is judged by it; only on the pod's own node policy sees ${from.name}`,
  ]
}
