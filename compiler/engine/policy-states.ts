import { type AuditOptions, isAudited } from '../objects/is-audited.ts'
import type { Namespace, Policy } from '../objects/objects.ts'
import { podName } from '../objects/pod-name.ts'
import type { PolicyState } from '../objects/policy-mode.ts'
import type { PolicyBook } from './policy-book.ts'

/** Which policies are enforced and which only audited, by their own word and, where it may say so, their namespace's. */
export interface PolicyStates {
  stateOf(policy: Policy): PolicyState
  /** What these namespaces say now; for `restated`, once they may say something else. */
  modesOf(namespaces: Iterable<string>): NamespaceModes
  /** The policies of a batch, and those of namespaces whose word has changed; by `namespace/name`, undefined: gone. */
  restated(changed: ChangedPolicies, before: NamespaceModes): ChangedPolicies
}

type NamespaceModes = ReadonlyMap<string, Namespace['mode']>
type ChangedPolicies = ReadonlyMap<string, Policy | undefined>

export interface PolicyStatesOptions {
  readonly audit: AuditOptions
  /** Live. */
  readonly namespaces: ReadonlyMap<string, Namespace>
  readonly book: Pick<PolicyBook, 'values' | 'audited'>
}

export function createPolicyStates({ audit, namespaces, book }: PolicyStatesOptions): PolicyStates {
  return {
    stateOf: (policy) => (isAudited(policy, namespaces.get(policy.namespace), audit) ? 'audited' : 'enforced'),
    modesOf: (names) => new Map([...names].map((name) => [name, namespaces.get(name)?.mode])),

    restated(changed, before) {
      if (audit.audit !== 'namespaces') return changed
      const turned = new Set(
        [...before].filter(([name, mode]) => namespaces.get(name)?.mode !== mode).map(([name]) => name),
      )
      if (turned.size === 0) return changed
      const standing = [...book.values(), ...book.audited()].filter(({ namespace }) => turned.has(namespace))
      return new Map([...standing.map((policy) => [podName(policy), policy] as const), ...changed])
    },
  }
}
