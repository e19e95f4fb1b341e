import type { LabelSet } from '../objects/label-set.ts'
import type { Direction } from '../objects/direction.ts'
import type { PolicyState } from '../objects/policy-mode.ts'
import type { NamedPort } from '../objects/objects.ts'

/**
 * Whose grants they are, in one direction: what decides them, and stays when one grant more or less comes. Equal anchor, equal
 * grants, at any one time; of other times it says nothing.
 */
export interface Anchor {
  readonly text: string
}

/** What the anchor of a pod's grants depends on. */
export interface Anchored {
  readonly direction: Direction
  /** Of the policies: while a policy changes from the one to the other, the sets of both stand. */
  readonly state: PolicyState
  /** The podSelectors, with their namespace, of the policies that grant the pod something in this direction. */
  readonly selectors: readonly string[]
  readonly namespace: string
  readonly labels: LabelSet
  /** The pod's own ports that have a name. */
  readonly ports: readonly NamedPort[]
}

/** More selectors than these over one pod come and go too often. */
const FEW_SELECTORS = 16

/**
 * The anchor is which selectors grant something. Pods of StatefulSets, of Jobs, of two ReplicaSets during a rollout have labels of
 * their own, and under the same selectors the same grants: they share sets, and one that comes brings none. Where very many
 * selectors meet in one pod it is the pod's labels, which decide what selects it. Names of ports in ingress rules mean the
 * pod's own.
 */
export function createAnchor({ direction, state, selectors, namespace, labels, ports }: Anchored): Anchor {
  const subjects =
    selectors.length <= FEW_SELECTORS
      ? [...selectors].sort()
      : [`labels ${namespace}:`, ...[...labels.labels].map(([key, value]) => `${key}=${value}`)]
  const own = direction === 'ingress' ? ports.map(({ name, protocol, number }) => `${name} ${protocol} ${number}`) : []
  const of = state === 'enforced' ? `${direction} of pods` : `audited ${direction} of pods`
  return { text: [of, ...subjects, ...[...new Set(own)].sort()].join('\n') }
}
