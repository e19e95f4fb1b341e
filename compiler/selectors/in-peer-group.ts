import { matchesSelector } from './matches-selector.ts'
import type { PeerGroup } from './peer-group.ts'

/** Is a pod with these labels, in the namespace of this name and these labels, a member of the group? */
export function inPeerGroup(
  group: PeerGroup,
  namespace: { readonly name: string; readonly labels: ReadonlyMap<string, string> },
  podLabels: ReadonlyMap<string, string>,
): boolean {
  const scope = group.namespaces
  const inScope =
    scope.kind === 'named' ? scope.name === namespace.name : matchesSelector(scope.selector, namespace.labels)
  return inScope && matchesSelector(group.pods, podLabels)
}
