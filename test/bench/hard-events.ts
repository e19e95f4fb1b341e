import type { Change } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import { decodeObject } from '../../compiler/objects/decode-object.ts'
import { createLabelInterner } from '../../compiler/objects/label-set.ts'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { madeUpCluster } from './made-up-cluster.ts'

/** One event that is easy to make expensive: what it is, and an engine and the changes that do and undo it. */
export interface HardEvent {
  readonly says: string
  readonly engine: Engine
  readonly done: Change
  readonly undone: Change
}

/** A peer of 100 members by namespaceSelector alone, in a cluster of so many pods with labels of their own. */
export function peerByNamespace(pods: number): HardEvent {
  const cluster = madeUpCluster({ pods, policies: 0, local: 100 })
  const own = cluster.pods.map((pod, index) => withLabel(pod, 'own', `${index}`))
  const engine = engineWith([...cluster.namespaces, labelled('small', 'yes'), ...own, ...podsIn('small', 100)])
  const from = [{ namespaceSelector: { matchLabels: { small: 'yes' } } }]
  return { says: `namespaceSelector alone, 100 of ${pods} pods`, engine, ...policyEvent('ns-0', { from }) }
}

/** One policy more over 100 local pods that 1,000 policies select, each with a peer of its own. */
export function onePolicyMore(labels: 'shared' | 'own'): HardEvent {
  const pods = podsIn('crowd', 100).map((pod, index) => (labels === 'own' ? withLabel(pod, 'own', `${index}`) : pod))
  const policies = Array.from({ length: 1_000 }, (_, index) => policyIn('crowd', `p-${index}`, onPort(8080, index)))
  const engine = engineWith([...pods, ...policies])
  return { says: `one of 1,000 policies, ${labels} labels`, engine, ...policyEvent('crowd', onPort(8080, 1_000)) }
}

function onPort(port: number, peer: number): object {
  return { from: [{ podSelector: { matchLabels: { app: `app-${peer}` } } }], ports: [{ port }] }
}

function policyEvent(namespace: string, ingress: object): Pick<HardEvent, 'done' | 'undone'> {
  const object = decodeOne(policyIn(namespace, 'more', ingress))
  return { done: { type: 'put', object }, undone: { type: 'remove', kind: 'NetworkPolicy', namespace, name: 'more' } }
}

function policyIn(namespace: string, name: string, ingress: object): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name },
    spec: { podSelector: {}, ingress: [ingress] },
  }
}

function labelled(name: string, small: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { small } } }
}

function podsIn(namespace: string, count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: `pod-${index}`, labels: { app: 'crowd' } },
    spec: { nodeName: 'node-0', containers: [{ name: 'main' }] },
    status: { phase: 'Running', podIPs: [{ ip: `10.200.${index >>> 8}.${index & 255}` }] },
  }))
}

function withLabel(pod: object, key: string, value: string): object {
  const { metadata } = pod as { readonly metadata: { readonly labels: object } }
  return { ...pod, metadata: { ...metadata, labels: { ...metadata.labels, [key]: value } } }
}

function engineWith(raw: readonly object[]): Engine {
  const engine = createEngine({ isLocal: ({ node }) => node === 'node-0', ruleset: DEFAULT_OPTIONS })
  engine.apply(raw.map((one): Change => ({ type: 'put', object: decodeOne(one) })))
  return engine
}

const internLabels = createLabelInterner()

function decodeOne(raw: object): ClusterObject {
  const object = decodeObject(raw, { internLabels, report: () => undefined, place: () => undefined })
  if (object === undefined) throw new Error('the bench made an object that cannot be decoded')
  return object
}
