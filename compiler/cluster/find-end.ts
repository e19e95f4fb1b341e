import { canonicalAddress } from '../addresses/canonical-address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { podName } from '../graph/allow-graph.ts'
import { nearestWord } from '../objects/did-you-mean.ts'
import { quote } from '../objects/quote.ts'
import type { Cluster } from './create-cluster.ts'
import { findPods } from './find-pods.ts'
import { type FoundEnd, nothing } from './found-end.ts'
import { kindOfWord } from './kind-words.ts'

const MOST_NAMES = 5

/**
 * Finds `namespace/pod`, `namespace/workload`, `pod`, an address, `svc/NAME`, `ingress/NAME`, `deployment/NAME` and other kinds
 * (all also behind a namespace) or a cluster DNS name. A word without namespace is looked up in the one given.
 */
export function findEnd(cluster: Cluster, word: string, defaultNamespace: string): FoundEnd {
  const address = canonicalAddress(word)
  if (address !== undefined) return findAddress(cluster, address)
  const parts = word.split('/')
  if (parts.length > 3) return nothing(`${quote(word)} is no name of a pod`, 'write namespace/name')
  const name = parts.at(-1) ?? ''
  const kind = kindOfWord(parts.at(-2) ?? '')
  const namespace = (parts.length === 3 ? parts[0] : undefined) ?? defaultNamespace
  if (kind === 'Service') return findService(cluster, namespace, name)
  if (kind === 'Ingress') return findIngress(cluster, namespace, name)
  if (parts.length === 3) {
    if (kind === undefined) return nothing(`${quote(word)} names no kind of workload`, 'write namespace/kind/name')
    return findPods(cluster, namespace, name, kind) ?? unknown(cluster, word, namespace, name)
  }
  if (parts.length === 2) {
    const ofKind = kind === undefined ? undefined : findPods(cluster, defaultNamespace, name, kind)
    const inNamespace = parts[0] ?? ''
    return findPods(cluster, inNamespace, name) ?? ofKind ?? unknown(cluster, word, inNamespace, name)
  }
  return (
    findPods(cluster, defaultNamespace, name) ??
    findDnsName(cluster, word, defaultNamespace) ??
    unknown(cluster, word, defaultNamespace, name)
  )
}

function findAddress(cluster: Cluster, text: string): FoundEnd {
  const owner = cluster.graph.owners.get(text)
  if (owner !== undefined) return { kind: 'pods', name: podName(owner.pod), pods: [owner] }
  for (const service of cluster.services.values()) {
    if (![...service.clusterAddresses, ...service.externalAddresses].includes(text)) continue
    return { kind: 'service', name: `${service.namespace}/${service.name}`, service, dnsName: undefined }
  }
  const address = parseAddress(text)
  return address === undefined ? nothing(`${quote(text)} is no address`, '') : { kind: 'address', name: text, address }
}

function findService(cluster: Cluster, namespace: string, name: string): FoundEnd {
  const service = cluster.services.get(`${namespace}/${name}`)
  if (service === undefined) return unknownOf('Service', [...cluster.services.keys()], `${namespace}/${name}`)
  return { kind: 'service', name: `${namespace}/${name}`, service, dnsName: `${name}.${namespace}` }
}

function findIngress(cluster: Cluster, namespace: string, name: string): FoundEnd {
  const ingress = cluster.ingresses.find((one) => one.namespace === namespace && one.name === name)
  const known = cluster.ingresses.map((one) => `${one.namespace}/${one.name}`)
  if (ingress === undefined) return unknownOf('Ingress', known, `${namespace}/${name}`)
  return { kind: 'ingress', name: `${namespace}/${name}`, ingress }
}

/** `db`, `db.shop`, `db.shop.svc`, `db.shop.svc.cluster.local`: as a pod's resolver would complete them. */
function findDnsName(cluster: Cluster, word: string, defaultNamespace: string): FoundEnd | undefined {
  const [name = '', namespace = defaultNamespace, ...rest] = word.replace(/\.$/, '').split('.')
  if (!['', 'svc', 'svc.cluster.local'].includes(rest.join('.'))) return undefined
  const service = cluster.services.get(`${namespace}/${name}`)
  return service && { kind: 'service', name: `${namespace}/${name}`, service, dnsName: word }
}

function unknown(cluster: Cluster, word: string, namespace: string, name: string): FoundEnd {
  const pods = [...cluster.graph.pods.values()].map(({ pod }) => pod)
  const known = new Set(pods.flatMap((pod) => [podName(pod), `${pod.namespace}/${pod.workload?.name ?? pod.name}`]))
  const sameName = [...known].filter((one) => one.endsWith(`/${name}`))
  if (sameName.length > 0) {
    return nothing(`there is no pod or workload ${quote(`${namespace}/${name}`)}`, `there is ${listed(sameName)}`)
  }
  const names = [...known, ...[...cluster.services.values()].map((one) => `${one.name}.${one.namespace}`)]
  const near = nearestWord(`${namespace}/${name}`, names) ?? nearestWord(word, names)
  const hint = near === undefined ? `${known.size} pods and workloads are known` : `did you mean ${near}?`
  return nothing(`there is no pod or workload ${quote(`${namespace}/${name}`)}`, hint)
}

function unknownOf(kind: string, known: readonly string[], name: string): FoundEnd {
  const near = nearestWord(name, known)
  const others = known.length === 0 ? `the input holds no ${kind}` : `there is ${listed(known)}`
  return nothing(`there is no ${kind} ${quote(name)}`, near === undefined ? others : `did you mean ${near}?`)
}

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES
  return rest > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${rest} more` : names.join(', ')
}
