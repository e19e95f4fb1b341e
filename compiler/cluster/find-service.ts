import type { Cluster } from './create-cluster.ts'
import { readDnsName } from './dns-name.ts'
import type { FoundEnd } from './found-end.ts'
import { unknownOf } from './unknown-end.ts'

/** A Service by its name; `db.shop` is Service db of shop, since no Service has a dot in its name (RFC 1035 label). */
export function findService(cluster: Cluster, namespace: string, name: string): FoundEnd {
  const dotted = name.includes('.') ? readDnsName(name, namespace) : undefined
  const key = dotted === undefined ? `${namespace}/${name}` : `${dotted.namespace}/${dotted.name}`
  const service = cluster.services.get(key)
  if (service === undefined) return unknownOf('Service', [...cluster.services.keys()], key)
  return { kind: 'service', name: key, service, dnsName: `${service.name}.${service.namespace}` }
}

/** `db`, `db.shop`, `db.shop.svc`, `db.shop.svc.cluster.local`: as a pod's resolver would complete them. */
export function findDnsName(cluster: Cluster, word: string, defaultNamespace: string): FoundEnd | undefined {
  const read = readDnsName(word, defaultNamespace)
  if (read === undefined) return undefined
  const service = cluster.services.get(`${read.namespace}/${read.name}`)
  return service && { kind: 'service', name: `${read.namespace}/${read.name}`, service, dnsName: word }
}
