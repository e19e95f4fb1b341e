import type { Direction } from '../objects/direction.ts'
import type { Pod, Policy } from '../objects/objects.ts'
import type { ChainValue, SetValue } from '../nftables/ruleset.ts'
import type { ClassNode } from './class-registry.ts'

/** A class of this node, whose pods share it, and the policies that made it what it is. */
export interface ClassUse {
  readonly direction: Direction
  readonly chains: readonly ChainValue[]
  /** Those whose content is in the grants. */
  readonly sets: readonly SetValue[]
  readonly pods: readonly Pod[]
  readonly policies: readonly Policy[]
}

/** An address in a class; `policies`: those that select its pod. */
export interface ClassUser {
  readonly node: ClassNode
  readonly direction: Direction
  readonly pod: Pod
  readonly policies: readonly Policy[]
}

/** The same, by class. */
export function classUses(users: Iterable<ClassUser>): readonly ClassUse[] {
  const uses = new Map<ClassNode, { direction: Direction; pods: Set<Pod>; policies: Set<Policy> }>()
  for (const { node, direction, pod, policies } of users) {
    const use = uses.get(node) ?? { direction, pods: new Set(), policies: new Set() }
    uses.set(node, use)
    use.pods.add(pod)
    for (const policy of policies) use.policies.add(policy)
  }
  return [...uses].map(([{ layouts }, { direction, pods, policies }]) => ({
    direction,
    chains: layouts.flatMap(({ chains }) => chains),
    sets: layouts.flatMap(({ sets }) => sets),
    pods: [...pods],
    policies: [...policies],
  }))
}
