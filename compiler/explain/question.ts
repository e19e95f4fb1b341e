/** `selvedge explain FROM TO PORT`, as typed. */
export interface Question {
  readonly from: string
  readonly to: string
  readonly port: string
  /** Of words that do not say theirs. */
  readonly namespace: string
}
