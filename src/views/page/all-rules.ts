import type { Cluster } from '../../../compiler/cluster/create-cluster.ts'
import { type Direction, DIRECTIONS } from '../../../compiler/objects/direction.ts'
import { podName } from '../../../compiler/objects/pod-name.ts'
import type { Peers } from '../../../compiler/graph/peers.ts'
import { rulePeers } from '../../../compiler/graph/rule-peers.ts'
import type { Policy, PolicyRule } from '../../../compiler/objects/objects.ts'

/** A rule of some policy, as the page counts them. */
export interface KnownRule {
  /** Position among the policies. */
  readonly policy: number
  readonly direction: Direction
  readonly rule: PolicyRule
  readonly peers: Peers
}

/** Policies by name, and all their rules in that order. */
export interface KnownRules {
  readonly policies: readonly Policy[]
  readonly rules: readonly KnownRule[]
}

export function allRules({ selections }: Cluster): KnownRules {
  const policies = selections
    .map(({ policy }) => policy)
    .sort((left, right) => (podName(left) < podName(right) ? -1 : 1))
  const rules = policies.flatMap((policy, index) =>
    DIRECTIONS.flatMap((direction) => {
      const side = policy[direction]
      if (side?.kind !== 'rules') return []
      return side.rules.map((rule) => ({
        policy: index,
        direction,
        rule,
        peers: rulePeers(rule, policy.namespace),
      }))
    }),
  )
  return { policies, rules }
}
