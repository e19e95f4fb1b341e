import { EVERYTHING, type Selector } from '../objects/selector.ts'

/** Which namespaces a peer group speaks of: one by its name, or all that a selector selects. */
export type NamespaceScope =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'selected'; readonly selector: Selector }

/** Pods by formula: those that the pod selector selects in the namespaces of the scope. Equal formula, equal key. */
export interface PeerGroup {
  readonly key: string
  readonly namespaces: NamespaceScope
  readonly pods: Selector
}

/** The group of these pods. Namespace names hold no blank and no colon, so the two kinds of key never meet. */
export function createPeerGroup(namespaces: NamespaceScope, pods: Selector): PeerGroup {
  const scope = namespaces.kind === 'named' ? `in ${namespaces.name}` : `where ${namespaces.selector.key}`
  return { key: `${scope}: ${pods.key}`, namespaces, pods }
}

/** Every pod of every namespace: the pods meant by a port name without peers. */
export const EVERY_POD: PeerGroup = createPeerGroup({ kind: 'selected', selector: EVERYTHING }, EVERYTHING)
