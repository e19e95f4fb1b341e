import { podName } from '../objects/pod-name.ts'
import { nearestWord } from '../objects/did-you-mean.ts'
import { fewNames } from '../objects/few-names.ts'
import { quote } from '../objects/quote.ts'
import type { Cluster } from './create-cluster.ts'
import { readDnsName } from './dns-name.ts'
import { type FoundEnd, nothing } from './found-end.ts'
import { knownByLabels } from './known-by-labels.ts'

/** Nothing has that name: what it was taken for, and what is near. */
export function unknownEnd(cluster: Cluster, word: string, namespace: string, name: string): FoundEnd {
  const known = knownNames(cluster)
  const dns = !word.includes('/') && word.includes('.') ? readDnsName(word, namespace) : undefined
  if (dns !== undefined) return unknownDnsName(cluster, word, `${dns.namespace}/${dns.name}`, known)
  const problem = `there is no pod or workload ${quote(`${namespace}/${name}`)}`
  const sameName = calledSo(known, name)
  if (sameName !== undefined) return nothing(problem, sameName)
  if (word === 'outside')
    return nothing(problem, 'for a connection from or to the outside give an address, such as 203.0.113.7')
  return nothing(problem, nearHint(cluster, word, namespace, name))
}

/** No workload of that kind, or no pod, has that name; somebody else may. */
export function unknownOfKind(cluster: Cluster, kind: string, namespace: string, name: string): FoundEnd {
  const word = `${namespace}/${name}`
  const here = [...cluster.graph.pods.values()].filter(
    ({ pod }) => pod.namespace === namespace && (pod.name === name || pod.workload?.name === name),
  )
  const kinds = [...new Set(here.map(({ pod }) => pod.workload?.kind ?? 'Pod'))].sort()
  const hint =
    kinds.length > 0
      ? `there is ${kinds.join(', ')} ${word}`
      : (calledSo(knownNames(cluster), name) ?? nearHint(cluster, word, namespace, name))
  return nothing(`there is no ${kind} ${quote(word)}`, hint)
}

function calledSo(known: ReadonlySet<string>, name: string): string | undefined {
  const sameName = [...known].filter((one) => one.endsWith(`/${name}`))
  return sameName.length === 0 ? undefined : `there is ${fewNames(sameName)}`
}

function nearHint(cluster: Cluster, word: string, namespace: string, name: string): string {
  const byLabels = knownByLabels(cluster, name)
  if (byLabels !== undefined) return byLabels
  const known = knownNames(cluster)
  const names = [...known, ...serviceNames(cluster)]
  const near = nearestWord(`${namespace}/${name}`, names) ?? nearestWord(word, names)
  return near === undefined ? `${known.size} pods and workloads are known` : `did you mean ${near}?`
}

/** Many questions may name nobody. */
const namesOf = new WeakMap<Cluster['graph'], ReadonlySet<string>>()

/** Of pods and workloads. */
function knownNames({ graph }: Cluster): ReadonlySet<string> {
  let known = namesOf.get(graph)
  if (known === undefined) {
    const pods = [...graph.pods.values()].map(({ pod }) => pod)
    known = new Set(pods.flatMap((pod) => [podName(pod), `${pod.namespace}/${pod.workload?.name ?? pod.name}`]))
    namesOf.set(graph, known)
  }
  return known
}

/** A word with a dot is the DNS name of a Service. */
function unknownDnsName(cluster: Cluster, word: string, key: string, known: ReadonlySet<string>): FoundEnd {
  const problem = `${quote(word)} was taken for the DNS name of Service ${quote(key)}, which the input does not have`
  if (key === 'kube-system/kube-dns') return nothing(problem, 'say dns: one is assumed where the input holds none')
  const near = known.has(key) ? key : nearestWord(key, [...cluster.services.keys(), ...known])
  if (near === undefined) return nothing(problem, `there is ${servicesListed(cluster)}`)
  const shown = cluster.services.has(near) ? `svc/${near}` : near
  return nothing(problem, `did you mean ${shown}${known.has(key) ? ' (the pods themselves)' : ''}?`)
}

function servicesListed(cluster: Cluster): string {
  const names = serviceNames(cluster)
  return names.length === 0 ? 'no Service in it' : fewNames(names)
}

function serviceNames(cluster: Cluster): readonly string[] {
  return [...cluster.services.values()].map(({ name, namespace }) => `${name}.${namespace}`)
}

/** A Service or Ingress that is not there; the hint has the forms in which one is named. */
export function unknownOf(kind: 'Service' | 'Ingress', known: readonly string[], name: string): FoundEnd {
  const word = kind === 'Service' ? 'svc' : 'ingress'
  const near = nearestWord(name, known)
  const problem = `there is no ${kind} ${quote(name)}`
  if (near !== undefined) return nothing(problem, `did you mean ${word}/${near}?`)
  return nothing(problem, known.length === 0 ? `the input holds no ${kind}` : `there is ${fewNames(known)}`)
}
