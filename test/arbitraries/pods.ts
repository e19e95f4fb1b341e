import fc from 'fast-check'
import type { RawPod } from '../oracle/raw-cluster.ts'
import { labels, POD_LABELS } from './labels.ts'
import { namespaceName } from './namespaces.ts'
import { partial, whole } from './optional.ts'
import { containers, initContainers } from './ports.ts'

/** The nodes, their addresses, and the subnets that Flannel gave them (10.244.N.0/24, fd44:0:0:N::/64). */
export const NODES = [
  { name: 'node-1', subnets: ['10.244.1.', 'fd44:0:0:1::'], addresses: ['192.168.10.1', 'fd44:0:0:ff::1'] },
  { name: 'node-2', subnets: ['10.244.2.', 'fd44:0:0:2::'], addresses: ['192.168.10.2', 'fd44:0:0:ff::2'] },
] as const

/** Everything about a pod but its name and its own address. */
const podTraits = whole({
  node: fc.constantFrom(NODES[0], ...NODES),
  labels: labels(POD_LABELS),
  families: fc.constantFrom([0], [0, 1], [0, 1], [1, 0], [1]),
  addressField: fc.constantFrom('podIPs', 'podIPs', 'both', 'podIP'),
  phase: fc.oneof(
    { weight: 8, arbitrary: fc.constant('Running') },
    { weight: 1, arbitrary: fc.constantFrom('Pending', 'Unknown') },
    { weight: 2, arbitrary: fc.constantFrom('Succeeded', 'Failed') },
  ),
  address: fc.oneof(
    { weight: 12, arbitrary: fc.constant('own') },
    { weight: 8, arbitrary: fc.constant('another') },
    { weight: 1, arbitrary: fc.constant('host') },
    { weight: 1, arbitrary: fc.constantFrom('not yet', 'unscheduled') },
  ),
  anotherPod: fc.nat({ max: 9 }),
  created: partial({
    creationTimestamp: fc.constantFrom(...Array<string>(3).fill('2026-01-01T00:00:00Z'), '2026-01-01T00:00:01Z'),
  }),
  uid: partial({ uid: fc.constantFrom('u-1', 'u-2', 'u-3') }),
  deleted: fc.constantFrom({}, {}, {}, {}, { deletionTimestamp: '2026-01-02T00:00:00Z' }),
  containers: fc.tuple(containers, partial({ initContainers })),
})

/** Two to ten pods on two nodes, no two of one namespace and name; some share an address with another pod. */
export const pods: fc.Arbitrary<readonly RawPod[]> = fc
  .uniqueArray(fc.tuple(namespaceName, fc.constantFrom('a-0', 'a-1', 'b-0', 'b-1', 'db-a', 'x')), {
    minLength: 2,
    maxLength: 10,
    selector: ([namespace, name]) => `${namespace}/${name}`,
  })
  .chain((names) => fc.tuple(...names.map(([namespace, name], index) => podNamed(namespace, name, index))))

/** A pod whose own address is the `index`th of its node's (10.244.N.10 onwards), or that of a pod before it. */
export function podNamed(namespace: string, name: string, index: number): fc.Arbitrary<RawPod> {
  return podTraits.map((traits) => {
    const host = 10 + (traits.address === 'another' ? traits.anotherPod % (index + 1) : index)
    const addresses = traits.families.map((family) =>
      traits.address === 'host'
        ? (traits.node.addresses[family] ?? '')
        : `${traits.node.subnets[family]}${host.toString(family === 0 ? 10 : 16)}`,
    )
    const waiting = traits.address === 'not yet' || traits.address === 'unscheduled'
    const [main, init] = traits.containers
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name, labels: traits.labels, ...traits.created, ...traits.uid, ...traits.deleted },
      spec: {
        ...(traits.address !== 'unscheduled' && { nodeName: traits.node.name }),
        ...(traits.address === 'host' && { hostNetwork: true }),
        containers: main,
        ...init,
      },
      status: waiting
        ? { phase: 'Pending' }
        : { phase: traits.phase, hostIP: traits.node.addresses[0], ...statusAddresses(addresses, traits.addressField) },
    }
  })
}

/** As old and new API servers report them: podIP is the first of podIPs. */
function statusAddresses(addresses: readonly string[], field: string): RawPod['status'] {
  const [podIP = ''] = addresses
  if (field === 'podIP') return { podIP }
  const podIPs = addresses.map((ip) => ({ ip }))
  return field === 'both' ? { podIP, podIPs } : { podIPs }
}
