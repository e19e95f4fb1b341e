import { clusterOf } from '../oracle/make-objects.ts'
import type { RawCluster, RawRule } from '../oracle/raw-cluster.ts'
import { podsOf } from './flood-lab.ts'
import type { Route } from './flood-probe.ts'
import { by, egress, ingress, udp } from './policies.ts'

/**
 * One batch in which two pods change roles, and with them what the roles may do: classes change together with both sets that
 * they read before and after, and no verdict of the routes does.
 */
export const ROLE_SWAP: readonly [RawCluster, RawCluster] = [swapped('one', 'two'), swapped('two', 'one')]

/** web and api may each use their own port, always, and never the other's; cache takes both, by two different sets. */
export const ROLE_SWAP_ROUTES: readonly Route[] = [
  { from: 'web', to: 'db', port: 80 },
  { from: 'web', to: 'db', port: 81 },
  { from: 'api', to: 'db', port: 80 },
  { from: 'cache', to: 'web', port: 80 },
  { from: 'cache', to: 'api', port: 80 },
  { from: 'web', to: 'cache', port: 80 },
]

function swapped(web: string, api: string): RawCluster {
  const ends = (peer: 'from' | 'to'): readonly RawRule[] => [
    { [peer]: [by({ role: web })], ports: [udp(80)] },
    { [peer]: [by({ role: api })], ports: [udp(81)] },
  ]
  return clusterOf(
    ...podsOf({ web: { role: web }, api: { role: api } }),
    ingress('db', { app: 'db' }, ...ends('from')),
    egress('cache-out', { app: 'cache' }, ...ends('to')),
    ingress(
      'cache',
      { app: 'cache' },
      { from: [by({ role: 'one' })] },
      { from: [by({ role: 'two' })], ports: [udp(80)] },
    ),
  )
}
