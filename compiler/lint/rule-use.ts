/** One item of a policy's `ingress` or `egress`. */
export interface RuleUse {
  /** `namespace/name` */
  readonly policy: string
  /** `ingress[0]` */
  readonly rule: string
  /**
   * `not known`: connections that it grants have passed, and other rules grant them as well. `not asked`: its policy is only audited, and
   * where enforced ones isolate already nothing is asked of it.
   */
  readonly use: 'used' | 'never' | 'not known' | 'not asked'
  /** Connections that no other rule grants, each counted once more whenever it was judged again. */
  readonly packets: number
  /** Seconds: since it was found used the last time; else since when it is watched without a gap, older connections judged again. */
  readonly age: number
  /** Some of the other rules. */
  readonly also: readonly string[]
}

/** What one node's agent says of the rules of policies that select its pods. */
export interface NodeRules {
  readonly node: string
  readonly rules: readonly RuleUse[]
}
