import type { HeldCluster } from '../arbitraries/held-clusters.ts'
import { clusterOf, namespace, pod, policy } from '../oracle/make-objects.ts'
import type { RawObject } from '../oracle/raw-cluster.ts'

const DB = pod('shop/db', '10.244.1.10', { metadata: { uid: 'db' } })
const DB6 = pod('shop/db', 'fd44:0:0:1::a', { metadata: { uid: 'db' } })
const WEB6 = pod('shop/web', 'fd44:0:0:1::c', { labels: { app: 'web' }, metadata: { uid: 'web' } })
const CLOSED = policy('shop/closed', {
  podSelector: { matchLabels: { app: 'web' } },
  policyTypes: ['Ingress', 'Egress'],
})
/** By the runtime web has another address. */
const OF_WEB = { key: 'k', uid: 'web', namespace: 'shop', name: 'web', addresses: ['fd44:0:0:1::d'], order: 1 }
const AMONG_US = policy('shop/among-us', { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] })
const SHOP = namespace('shop', {})
const web = (address: string, nodeName: string) =>
  pod('shop/web', address, { metadata: { uid: 'web' }, spec: { nodeName } })
/** The address of web is another's by the runtime, whom nobody has heard of: so it is no peer of db's. */
const OF_ANOTHER = { key: 'k', uid: 'other', namespace: 'shop', name: 'other', addresses: ['10.244.1.12'], order: 1 }

const [HERE, HERE6] = ['10.244.1.0/24', 'fd44:0:0:1::/64']

function state(
  subnets: readonly string[],
  objects: readonly RawObject[],
  sandboxes: HeldCluster['hold']['sandboxes'] = [],
): HeldCluster {
  return { cluster: clusterOf(...objects), hold: { node: 'node-1', subnets, sandboxes } }
}

/**
 * In one batch one pod is held and the other comes to be its peer, or is let pass and isolated: they do not reach each other before and
 * after, each time for another reason.
 */
export const HELD_WHILE_OTHERS_GAIN = [
  [
    'the hold comes to the subnet',
    state([HERE6], [DB, AMONG_US, web('10.244.1.12', 'node-1')], [OF_ANOTHER]),
    state([HERE], [DB, AMONG_US, web('10.244.1.12', 'node-1')]),
  ],
  [
    'its namespace is not known any more',
    state([HERE], [DB, AMONG_US, SHOP]),
    state([HERE], [DB, AMONG_US, web('10.244.2.16', 'node-2')]),
  ],
  [
    'a subnet comes with an isolated pod that neighbours did not reach either',
    state([HERE], [DB6, WEB6, CLOSED, SHOP], [OF_WEB]),
    state([HERE, HERE6], [DB6, WEB6, CLOSED, SHOP]),
  ],
] as const
