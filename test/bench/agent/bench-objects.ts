import { type ClusterSize, madeUpCluster, pod, policy } from '../made-up-cluster.ts'
import type { ApiObject } from './bench-cluster.ts'
import type { FloodEnd } from './flood.ts'

/** Where policies are: over the workloads of all namespaces, or each on the one pod `server`. */
export type Spread = 'over the pods' | 'on one pod'

/** The node whose agent is measured; made-up-cluster.ts puts its local pods here. */
export const NODE = 'node-0'
export const CLIENT: FloodEnd = { pod: 'bench/client', address: '10.244.1.10' }
export const SERVER: FloodEnd = { pod: 'bench/server', address: '10.244.1.11' }
/** Of the datagrams to the server, and of those from it: of one flow, one would be the answer to the other. */
export const PORTS = { toServer: 7_000, fromServer: 7_001 } as const

const NAMESPACE = 'bench'
const REPLICAS = 10

/** The two pods that are real, in a namespace that no made-up policy selects. They stand on {@link NODE}. */
export function benchObjects(): readonly ApiObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    realPod('client', CLIENT.address),
    realPod('server', SERVER.address),
  ]
}

/** The rest of the cluster, namespaces first; without policies. */
export function clusterObjects(size: ClusterSize): readonly ApiObject[] {
  const { namespaces, pods } = madeUpCluster({ ...size, policies: 0 })
  return [...namespaces, ...pods] as ApiObject[]
}

/** Policies `from` up to, not including, `to`. On one pod, each has a peer and a port of its own, so that none joins another. */
export function policyObjects(spread: Spread, pods: number, from: number, to: number): readonly ApiObject[] {
  return Array.from({ length: to - from }, (_, turn) => {
    const index = from + turn
    return spread === 'over the pods' ? (policy(index, pods) as ApiObject) : onServer(index, pods)
  })
}

/** Nobody may send to the server. */
export const CLOSE_SERVER: ApiObject = probe('close-server', { policyTypes: ['Ingress'] })
/** The server may send to nobody. */
export const SILENCE_SERVER: ApiObject = probe('silence-server', { policyTypes: ['Egress'] })
/** The client may send to the server, as long as others isolate it. */
export const ADMIT_CLIENT: ApiObject = probe('admit-client', {
  ingress: [
    { from: [{ podSelector: { matchLabels: { app: 'client' } } }], ports: [{ protocol: 'UDP', port: PORTS.toServer }] },
  ],
})

/** How many pods are without their labels at any time while {@link podEvent}s go on: more than a batch has. */
export function awayPods({ pods, local }: ClusterSize): number {
  return Math.min(1_000, Math.floor((pods - local) / 2))
}

/**
 * The turn-th of a stream of events: a pod of another node loses the labels that policies select by, or the one that lost
 * them longest ago gets them back. The first {@link awayPods} only leave.
 */
export function podEvent(turn: number, size: ClusterSize): ApiObject {
  const away = awayPods(size)
  const leaves = turn < away || turn % 2 === 0
  const place = turn < away ? turn : Math.floor((turn - away) / 2) + (leaves ? away : 0)
  const object = pod(size.local + ((place * 7) % (size.pods - size.local)), false) as ApiObject
  if (!leaves) return object
  return {
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, app: 'none', tier: 'none' } },
  }
}

function realPod(name: string, address: string): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels: { app: name } },
    spec: { nodeName: NODE, containers: [{ name: 'main', image: 'example' }] },
    status: { phase: 'Running', podIPs: [{ ip: address }] },
  }
}

function onServer(index: number, pods: number): ApiObject {
  const applications = Math.floor(pods / REPLICAS)
  const from = applications - 1 - ((index * 7) % (applications - 20))
  return probe(`policy-${index}`, {
    ingress: [
      {
        from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: `app-${from}` } } }],
        ports: [{ protocol: 'UDP', port: 10_000 + index }],
      },
    ],
  })
}

function probe(name: string, more: object): ApiObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: NAMESPACE },
    spec: { podSelector: { matchLabels: { app: 'server' } }, ...more },
  }
}
