import { explainConnection } from '../../explain/explain-connection.ts'
import { asksNodeCache, dnsConnections, hasNodeCache } from '../../explain/name-lookup.ts'
import { podName } from '../../objects/pod-name.ts'
import { peerOf } from '../../graph/peer-of.ts'
import { type LintRule, remarkOn } from '../lint-rule.ts'

/** A DNS rule by podSelector names the pods of CoreDNS, not the cache on the node that is really asked. */
export const dnsWithoutNodeLocal: LintRule = {
  name: 'dns-without-node-local',
  severity: 'note',
  summary: 'DNS is allowed by podSelector, and NodeLocal DNSCache answers from a link-local address',
  check({ cluster }) {
    if (!hasNodeCache(cluster)) return []
    const blamed = new Set<string>()
    for (const pod of cluster.graph.pods.values()) {
      if (pod.egress === 'open' || peerOf(pod, 'IPv4') === undefined || asksNodeCache(cluster.graph, pod)) continue
      for (const connection of dnsConnections(cluster, pod)) {
        const { egress } = explainConnection(cluster, connection)
        for (const { policy } of egress.grantedBy) blamed.add(policy)
      }
    }
    return cluster.selections.flatMap(({ policy }) => {
      if (!blamed.has(podName(policy))) return []
      const message = 'DNS is allowed to pods of kube-dns, and NodeLocal DNSCache answers from 169.254.20.10'
      const hint =
        'Selvedge never judges what stays on the node; for other engines add ipBlock 169.254.20.10/32 on port 53'
      return [remarkOn(policy, undefined, message, hint)]
    })
  },
}
