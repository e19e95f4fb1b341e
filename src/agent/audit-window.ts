/** Over which time nothing is missing of what audited policies would have denied: it begins when live flows begin to be judged again. */
export interface AuditWindow {
  /** Something may be missing of what was before. */
  broken(because: string): void
  /** From now on nothing is: a new generation stands, so every live flow is judged at its next packet, or there is none to judge. */
  begin(): void
  /** Milliseconds of the clock; undefined: not begun. */
  readonly since: number | undefined
  readonly because: string
}

/** A window of an agent that has just begun. */
export function createAuditWindow(now: () => number): AuditWindow {
  let since: number | undefined
  let because = 'the agent began'
  return {
    broken(reason) {
      since = undefined
      because = reason
    },
    begin() {
      since ??= now()
    },
    get since() {
      return since
    },
    get because() {
      return because
    },
  }
}
