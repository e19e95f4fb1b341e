import type { Cluster } from '../cluster/create-cluster.ts'
import type { NodeRules } from './rule-use.ts'
import type { Policy, PolicyRule } from '../objects/objects.ts'
import type { Place } from '../objects/place.ts'
import type { Direction } from '../objects/direction.ts'
import type { RawObject } from './raw-object.ts'
import type { Silencer } from './silencer.ts'

/** What a rule looks at: everything, as it was compiled and as it was written. */
export interface LintInput {
  /** With audited policies as if they were enforced: they are written to be, some day. */
  readonly cluster: Cluster
  /** Those of them that are only audited. */
  readonly audited?: readonly Policy[]
  /** Empty for a live cluster: what it holds was written nowhere, and rules about the writing have nothing to say. */
  readonly raw: readonly RawObject[]
  /** Of a live cluster everything is here; manifests may leave to others what they speak of. */
  readonly complete: boolean
  /** What the agents of a live cluster say of rules, where they were asked. */
  readonly ruleUse?: readonly NodeRules[] | undefined
  /** What people have written beside what they meant. */
  readonly silencers?: readonly Silencer[]
}

/** One way in which policies go wrong without breaking the API's rules; docs/lint.md has the reason and an example. */
export interface LintRule {
  /** kebab-case, stable: what people write into their exceptions. */
  readonly name: string
  readonly severity: Severity
  /** One line for SARIF viewers and the head of the rule in docs/lint.md. */
  readonly summary: string
  check(input: LintInput): readonly Remark[]
}

/** `error`: it surely does not do what it says. `warning`: most likely not what was meant. `note`: worth a look. */
export type Severity = 'error' | 'warning' | 'note'

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note']

export interface Remark {
  readonly place: Place | undefined
  /** `NetworkPolicy namespace/name` */
  readonly object: string
  readonly message: string
  readonly hint: string
  /** Where it is not that of its rule: a note where the input does not say enough for a warning. */
  readonly severity?: Severity | undefined
}

/** A remark on a policy, or on one of its rules. */
export function remarkOn(
  policy: Policy,
  where: { readonly direction: Direction; readonly rule: PolicyRule } | undefined,
  message: string,
  hint: string,
  severity?: Severity,
): Remark {
  const prefix = where === undefined ? '' : `${where.direction}[${where.rule.index}]: `
  return {
    place: where?.rule.place ?? policy.place,
    object: `NetworkPolicy ${policy.namespace}/${policy.name}`,
    message: prefix + message,
    hint,
    ...(severity === undefined ? {} : { severity }),
  }
}
