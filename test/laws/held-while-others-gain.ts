import type { HeldCluster } from '../arbitraries/held-clusters.ts'
import { clusterOf, namespace, pod, policy } from '../oracle/make-objects.ts'
import type { RawObject } from '../oracle/raw-cluster.ts'

const DB = pod('shop/db', '10.244.1.10', { metadata: { uid: 'db' } })
const AMONG_US = policy('shop/among-us', { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] })
const SHOP = namespace('shop', {})
const web = (address: string, nodeName: string) =>
  pod('shop/web', address, { metadata: { uid: 'web' }, spec: { nodeName } })
/** The address of web is another's by the runtime, whom nobody has heard of: so it is no peer of db's. */
const OF_ANOTHER = { key: 'k', uid: 'other', namespace: 'shop', name: 'other', addresses: ['10.244.1.12'], order: 1 }

const HERE = '10.244.1.0/24'

function state(
  subnet: string,
  objects: readonly RawObject[],
  sandboxes: HeldCluster['hold']['sandboxes'] = [],
): HeldCluster {
  return { cluster: clusterOf(DB, AMONG_US, ...objects), hold: { node: 'node-1', subnets: [subnet], sandboxes } }
}

/** In one batch db is held and web becomes a peer of its: it is denied before and after, each time for another reason. */
export const HELD_WHILE_OTHERS_GAIN = [
  [
    'the hold comes to the subnet',
    state('fd44:0:0:1::/64', [web('10.244.1.12', 'node-1')], [OF_ANOTHER]),
    state(HERE, [web('10.244.1.12', 'node-1')]),
  ],
  ['its namespace is not known any more', state(HERE, [SHOP]), state(HERE, [web('10.244.2.16', 'node-2')])],
] as const
