import type fc from 'fast-check'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { namespaces } from './namespaces.ts'
import { whole } from './optional.ts'
import { pods } from './pods.ts'
import { policies } from './policies.ts'

/** Small clusters that the API server would take, dense enough that policies, pods and connections meet. */
export function clusters(): fc.Arbitrary<RawCluster> {
  return whole({ pods, namespaces, policies })
}
