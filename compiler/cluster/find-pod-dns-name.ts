import { podName } from '../objects/pod-name.ts'
import type { Cluster } from './create-cluster.ts'
import { ZONES } from './dns-name.ts'
import type { FoundEnd } from './found-end.ts'

/**
 * `ring-0.ring.kv`, also with `.svc` and `.svc.cluster.local`: the pod of a StatefulSet by the name that its Service gives it; of
 * the namespace given, `ring-0.ring` is enough.
 */
export function findPodDnsName(cluster: Cluster, word: string, defaultNamespace: string): FoundEnd | undefined {
  const asked = word.replace(/\.$/, '')
  const names = [...ZONES.map((zone) => withoutZone(asked, zone)), `${asked}.${defaultNamespace}`]
  const found = [...cluster.graph.pods.values()].find(
    ({ pod, addresses }) =>
      pod.dnsName !== undefined && addresses.length > 0 && names.includes(withoutZone(pod.dnsName, 'svc')),
  )
  return found && { kind: 'pods', name: podName(found.pod), pods: [found], exact: true, dnsName: word }
}

/** Empty where the name is of another zone. */
function withoutZone(name: string, zone: string): string {
  if (zone === '') return name
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : ''
}
