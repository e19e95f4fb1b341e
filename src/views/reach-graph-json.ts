import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import { nodesOf } from './picture.ts'
import type { PossiblePeer } from '../../compiler/reach/possible-peer.ts'
import { ANY_VALUE } from '../../compiler/reach/example-labels.ts'
import { podName } from '../../compiler/objects/pod-name.ts'

/** What `graph -o json` prints: docs/reach.schema.json has the fields. */
export function reachGraphJson({ by, nodes, possible, blocks, edges }: ReachGraph): object {
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
      ...possible.map(({ peer, pod: { ingress, egress } }) => ({
        id: peer.id,
        kind: 'possible',
        ...(peer.namespace === undefined ? {} : { namespace: peer.namespace }),
        namespaceLabels: labelsJson(peer.namespaceLabels),
        labels: labelsJson(peer.labels),
        ingress: ingress === 'open' ? 'open' : 'isolated',
        egress: egress === 'open' ? 'open' : 'isolated',
      })),
      ...blocks.map((id) => ({ id, kind: 'block' })),
    ],
    edges,
  }
}

/** Without a value: any that no selector names. */
function labelsJson(labels: PossiblePeer['labels']): readonly object[] {
  return [...labels].map(([key, value]) => (value === ANY_VALUE ? { key } : { key, value }))
}
