import fc from 'fast-check'
import type { RawHold, RawSandbox } from '../oracle/hold.ts'
import { addressesOf, namespaceOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawPod } from '../oracle/raw-cluster.ts'
import { clusters } from './clusters.ts'
import { namespaceNamed } from './namespaces.ts'
import { NODES } from './pods.ts'

/** A cluster, and what node-1 knows of its pods' sandboxes. */
export interface HeldCluster {
  readonly cluster: RawCluster
  readonly hold: RawHold
}

/** As `clusters()`, nearly all namespaces declared; sandboxes of its pods, of pods with another uid and of pods that nobody knows. */
export function heldClusters(): fc.Arbitrary<HeldCluster> {
  return clusters()
    .chain(withNamespaces)
    .chain((cluster) => holds(cluster).map((hold) => ({ cluster, hold })))
}

/** What node-1 may know of the sandboxes of these pods. */
export function holds(cluster: RawCluster): fc.Arbitrary<RawHold> {
  const pods = [...cluster.pods, GHOST]
  return fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom(...pods), traits), { maxLength: 6 }),
      fc.constantFrom(...SUBNETS),
      fc.constantFrom([], [], [], ['10.244.1.12/32', 'fd44:0:0:1::14/127']),
    )
    .map(([list, subnets, excepts]) => ({
      node: 'node-1',
      subnets,
      excepts,
      sandboxes: list.map(([pod, trait], index) => sandboxOf(pod, trait, index)),
    }))
}

const [HERE4, HERE6] = ['10.244.1.0/24', 'fd44:0:0:1::/64']
/** Some of which nothing is left when another one comes. */
const SUBNETS = [[HERE4], [HERE4, HERE6], [HERE4, HERE6], [HERE6], ['10.244.1.8/30', HERE6], ['10.244.1.12/30']]

const GHOST: RawPod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'unheard-of', uid: 'u-9' } }

interface Trait {
  readonly place: 'status' | 'other'
  readonly host: number
  readonly families: readonly number[]
  readonly order: number
  readonly ended: boolean
  readonly uid: string | undefined
}

const traits: fc.Arbitrary<Trait> = fc.record(
  {
    place: fc.constantFrom('status', 'status', 'other'),
    host: fc.integer({ min: 10, max: 20 }),
    families: fc.constantFrom([0], [0, 1], [1]),
    order: fc.nat({ max: 9 }),
    ended: fc.constantFrom(false, false, false, true),
    uid: fc.constantFrom(undefined, undefined, undefined, undefined, 'u-8'),
  },
  { noNullPrototype: true },
)

function sandboxOf(pod: RawPod, { place, host, families, order, ended, uid }: Trait, index: number): RawSandbox {
  const some = families.map((family) => `${NODES[0].subnets[family]}${host.toString(family === 0 ? 10 : 16)}`)
  const told = addressesOf(pod).filter((address) => NODES[0].subnets.some((subnet) => address.startsWith(subnet)))
  return {
    key: `cbr0-${index}-eth0`,
    uid: uid ?? pod.metadata.uid ?? 'u-7',
    namespace: namespaceOf(pod),
    name: pod.metadata.name,
    addresses: place === 'status' && told.length > 0 ? told : some,
    // No two are equal.
    order: order * 10 + index,
    ended,
  }
}

/** Where pods are whose namespace nobody declares, it is declared, but for one in ten. */
function withNamespaces(cluster: RawCluster): fc.Arbitrary<RawCluster> {
  const declared = new Set(cluster.namespaces.map(({ metadata }) => metadata.name))
  const missing = [...new Set(cluster.pods.map(namespaceOf))].filter((name) => !declared.has(name))
  const some = missing.map((name) =>
    fc.tuple(namespaceNamed(name), fc.integer({ min: 0, max: 9 })).map(([one, lot]) => (lot === 0 ? [] : [one])),
  )
  return fc.tuple(...some).map((lists) => ({ ...cluster, namespaces: [...cluster.namespaces, ...lists.flat()] }))
}
