import type { Policy } from '../objects/objects.ts'
import { type Cluster, createCluster } from './create-cluster.ts'

/** It is asked once for each question about a cluster. */
const known = new WeakMap<Cluster['graph'], Cluster>()

/** The cluster as it would be, were its audited policies enforced; undefined where there are none. */
export function ifEnforced({ graph, audited, objects, others }: Cluster): Cluster | undefined {
  if (audited.length === 0) return undefined
  let cluster = known.get(graph)
  if (cluster === undefined) {
    const enforced = objects.map((object) => (object.kind === 'NetworkPolicy' ? enforce(object) : object))
    known.set(graph, (cluster = createCluster(enforced, others)))
  }
  return cluster
}

function enforce(policy: Policy): Policy {
  return { ...policy, mode: 'enforce' }
}
