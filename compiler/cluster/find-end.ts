import { canonicalAddress } from '../addresses/canonical-address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { podName } from '../objects/pod-name.ts'
import { quote } from '../objects/quote.ts'
import type { Cluster } from './create-cluster.ts'
import { findDnsName, findService } from './find-service.ts'
import { findPodDnsName } from './find-pod-dns-name.ts'
import { findPods } from './find-pods.ts'
import { findWord } from './find-word.ts'
import { type FoundEnd, nothing } from './found-end.ts'
import { kindOfWord } from './kind-words.ts'
import { unknownEnd, unknownOf, unknownOfKind } from './unknown-end.ts'

/**
 * Finds `namespace/pod`, `namespace/workload`, `pod`, an address, `svc/NAME`, `ingress/NAME`, `deployment/NAME` and other
 * kinds as kubectl calls them (all also as `namespace/kind/name` and `kind/namespace/name`), a cluster DNS name, and the words `dns` and
 * `apiserver`. A word without a namespace is looked up in the default one; a pod or workload that is called `dns` comes
 * before what the word `dns` means.
 */
export function findEnd(cluster: Cluster, word: string, defaultNamespace: string): FoundEnd {
  const address = canonicalAddress(word)
  if (address !== undefined) return findAddress(cluster, address)
  const parts = word.split('/')
  const [first = '', second = '', third = ''] = parts
  switch (parts.length) {
    case 1:
      return (
        findPods(cluster, defaultNamespace, word) ??
        findDnsName(cluster, word, defaultNamespace) ??
        findPodDnsName(cluster, word, defaultNamespace) ??
        findWord(cluster, word) ??
        unknownEnd(cluster, word, defaultNamespace, word)
      )
    case 2: {
      const inNamespace = findPods(cluster, first, second)
      if (inNamespace !== undefined) return inNamespace
      const kind = kindOfWord(first)
      const ofKind = kind === undefined ? undefined : findOfKind(cluster, kind, defaultNamespace, second)
      // A namespace may be called as a kind is.
      if (ofKind !== undefined && (ofKind.kind !== 'nothing' || !isNamespace(cluster, first))) return ofKind
      return unknownEnd(cluster, word, first, second)
    }
    case 3: {
      // Here too; then the word in the middle says which of the two is meant, unless only the other way somebody is found.
      const [inMiddle, inFront] = [kindOfWord(second), kindOfWord(first)]
      const found = [
        ...(inMiddle === undefined ? [] : [findOfKind(cluster, inMiddle, first, third)]),
        ...(inFront === undefined ? [] : [findOfKind(cluster, inFront, second, third)]),
      ]
      return (
        found.find(({ kind }) => kind !== 'nothing') ??
        found[0] ??
        nothing(`${quote(word)} names no kind of workload`, 'write namespace/kind/name')
      )
    }
    default:
      return nothing(`${quote(word)} is no name of a pod`, 'write namespace/name')
  }
}

function findOfKind(cluster: Cluster, kind: string, namespace: string, name: string): FoundEnd {
  if (kind === 'Service') return findService(cluster, namespace, name)
  if (kind === 'Ingress') return findIngress(cluster, namespace, name)
  return findPods(cluster, namespace, name, kind) ?? unknownOfKind(cluster, kind, namespace, name)
}

/** One that is declared, or has pods. */
function isNamespace({ namespaces, graph }: Cluster, name: string): boolean {
  return namespaces.has(name) || [...graph.pods.values()].some(({ pod }) => pod.namespace === name)
}

function findAddress(cluster: Cluster, text: string): FoundEnd {
  const owner = cluster.graph.owners.get(text)
  if (owner !== undefined) {
    return { kind: 'pods', name: podName(owner.pod), pods: [owner], exact: owner.pod.standIn !== true }
  }
  for (const service of cluster.services.values()) {
    if (![...service.clusterAddresses, ...service.externalAddresses].includes(text)) continue
    return { kind: 'service', name: `${service.namespace}/${service.name}`, service, dnsName: undefined }
  }
  const address = parseAddress(text)
  return address === undefined ? nothing(`${quote(text)} is no address`, '') : { kind: 'address', name: text, address }
}

function findIngress(cluster: Cluster, namespace: string, name: string): FoundEnd {
  const ingress = cluster.ingresses.find((one) => one.namespace === namespace && one.name === name)
  const known = cluster.ingresses.map((one) => `${one.namespace}/${one.name}`)
  if (ingress === undefined) return unknownOf('Ingress', known, `${namespace}/${name}`)
  return { kind: 'ingress', name: `${namespace}/${name}`, ingress }
}
