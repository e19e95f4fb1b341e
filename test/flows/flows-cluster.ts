import { clusterOf, namespace, pod, policy } from '../oracle/make-objects.ts'
import type { RawCluster, RawPeer, RawPod, RawPolicy, RawPort } from '../oracle/raw-cluster.ts'
import { KINDS } from './flow.ts'
import { addressesOf, nodeOf, type PodName } from './flows-lab.ts'

const PORTS: readonly RawPort[] = Object.values(KINDS).map(({ protocol, port }) => ({ protocol, port }))

const within = (env: string, role: string): RawPeer => ({
  namespaceSelector: { matchLabels: { env } },
  podSelector: { matchLabels: { role } },
})

/** A pod of the lab under any name, with a role. */
export function podAt(place: PodName, path: string, role: string): RawPod {
  return pod(path, addressesOf(place).join(' '), {
    labels: { role },
    spec: { nodeName: nodeOf(place), containers: [{ name: 'main' }] },
  })
}

/** A pod with this role in its namespace takes from these peers. */
export function takes(path: string, role: string, ...from: readonly RawPeer[]): RawPolicy {
  const ingress = from.length === 0 ? [] : [{ from, ports: PORTS }]
  return policy(path, { podSelector: { matchLabels: { role } }, policyTypes: ['Ingress'], ingress })
}

/** The pods of a namespace may connect to these. */
export function reaches(path: string, ...to: readonly RawPeer[]): RawPolicy {
  return policy(path, { podSelector: {}, policyTypes: ['Egress'], egress: [{ to, ports: PORTS }] })
}

export const CLIENTS = within('prod', 'client')
export const IDLE: RawPeer = { podSelector: { matchLabels: { role: 'idle' } } }
export const ROLE = (role: string): RawPeer => ({ namespaceSelector: {}, podSelector: { matchLabels: { role } } })

export interface Parts {
  readonly env: string
  readonly web: RawPod
  readonly far: RawPod
  readonly db: RawPod
  readonly policies: readonly RawPolicy[]
}

const PARTS: Parts = {
  env: 'prod',
  web: podAt('web', 'front/web', 'client'),
  far: podAt('far', 'remote/far', 'client'),
  db: podAt('db', 'shop/db', 'store'),
  policies: [
    takes('shop/store', 'store', CLIENTS, IDLE),
    reaches('front/out', ROLE('store'), ROLE('vault'), ROLE('other')),
    reaches('remote/out', ROLE('store'), ROLE('vault'), ROLE('other')),
  ],
}

/** db, the store, takes clients and idle; a vault would take idle alone. With some parts otherwise. */
export function clusterWith(some: Partial<Parts> = {}): RawCluster {
  const { env, web, far, db, policies } = { ...PARTS, ...some }
  return clusterOf(
    namespace('front', { env }),
    namespace('remote', { env }),
    web,
    far,
    db,
    podAt('idle', 'shop/idle', 'idle'),
    podAt('other', 'shop/other', 'other'),
    takes('shop/vault', 'vault', IDLE),
    ...policies,
  )
}
