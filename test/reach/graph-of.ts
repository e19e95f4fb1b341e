import type { AllowGraph } from '../../compiler/graph/allow-graph.ts'
import { clusterOf } from '../explain/cluster-of.ts'
import { documents } from '../explain/manifests.ts'

/** The graph of manifests, a document each. */
export function graphOf(...texts: readonly string[]): AllowGraph {
  return clusterOf(documents(...texts)).graph
}
