import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import { nodesOf } from './picture.ts'
import { podName } from '../../compiler/objects/pod-name.ts'

/** What `graph -o json` prints: docs/reach.schema.json has the fields. */
export function reachGraphJson({ by, nodes, blocks, edges }: ReachGraph): object {
  return {
    by,
    nodes: [
      ...nodes.map(({ id, kind, namespace, workload, members, hostNetwork, ingress, egress }) => ({
        id,
        kind,
        namespace,
        ...(workload === undefined ? {} : { workload }),
        pods: members.map(({ pod }) => podName(pod)),
        ingress: ingress === 'open' ? 'open' : 'isolated',
        egress: egress === 'open' ? 'open' : 'isolated',
        ...(hostNetwork ? { hostNetwork, nodes: nodesOf(members) } : {}),
      })),
      ...blocks.map((id) => ({ id, kind: 'block' })),
    ],
    edges,
  }
}
