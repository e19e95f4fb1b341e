import type { Connection } from '../oracle/connection.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'
import type { RawCluster, RawRule } from '../oracle/raw-cluster.ts'

/**
 * Changes of one pod's rules together with the sets that those rules share with another pod's. Random clusters meet them too rarely:
 * in each, some order of the steps gives the moving pod a verdict that holds neither before nor after.
 */
export const SHARED_SET_JOURNEYS: readonly (readonly RawCluster[])[] = [
  // The set that the old rules read grows by a pod that they would let in.
  [scene([from('one', 80)], 'none'), scene([from('two', 80)], 'one')],
  // The set that the new rules read shrinks by a pod that they would let in.
  [scene([from('two', 80)], 'one'), scene([from('one', 80)], 'none')],
  [scene([from('three', 80)], 'one'), scene([from('one', 80)], 'two')],
  [scene([from('two', 80)], 'one'), scene([from('one', 80)], 'two')],
  // Old and new rules read it, for another port each, while the pod moves to the other set.
  [scene([from('one', 80)], 'one'), scene([from('two', 80), from('one', 81)], 'two')],
  [scene([from('two', 80), from('one', 81)], 'two'), scene([from('one', 80)], 'one')],
  // The pod leaves one set and comes to another that the same rules read; a packet looks into both, one after the other.
  [scene([from('one', 80), from('two')], 'one'), scene([from('one', 80), from('two')], 'two')],
  [scene([from('one', 80), from('two')], 'two'), scene([from('one', 80), from('two')], 'one')],
  // The rules end, and with them the pod leaves the set that they read.
  [scene([from('one', 80)], 'one'), scene('no policy', 'none')],
]

/** The moving pod's connections. */
export const OF_THE_MOVING_POD: readonly Connection[] = [80, 81].map((port) => ({
  source: '10.244.1.3',
  destination: '10.244.1.1',
  protocol: 'TCP',
  port,
}))

/** A pod with these rules, another one that keeps both sets in use, and the moving pod with its label. */
function scene(rules: readonly RawRule[] | 'no policy', label: string): RawCluster {
  return clusterOf(
    pod('shop/web', '10.244.1.1', { labels: { app: 'web' } }),
    pod('shop/other', '10.244.1.2', { labels: { app: 'other' } }),
    pod('shop/moving', '10.244.1.3', { labels: { app: label } }),
    ...(rules === 'no policy'
      ? []
      : [policy('shop/web', { podSelector: { matchLabels: { app: 'web' } }, ingress: rules })]),
    policy('shop/other', {
      podSelector: { matchLabels: { app: 'other' } },
      ingress: [from('one', 80), from('two', 81)],
    }),
  )
}

function from(app: string, port?: number): RawRule {
  return { from: [{ podSelector: { matchLabels: { app } } }], ...(port !== undefined && { ports: [{ port }] }) }
}
