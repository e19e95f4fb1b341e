type Labels = readonly (readonly [string, string])[]

/** A pod that need not be in the input: whether one with exactly these labels may connect. */
export interface PossiblePod {
  readonly labels: Labels
  readonly namespace: string
  /** Of the namespace, where the input does not declare it; beside its name, which it always has. */
  readonly namespaceLabels?: Labels | undefined
}

/** Both ends as words. */
export type Words = Question & { readonly from: string; readonly to: string }

/** `selvedge explain FROM TO PORT`, as typed; an end may be a pod that need not be in the input. */
export interface Question {
  readonly from: string | PossiblePod
  readonly to: string | PossiblePod
  readonly port: string
  /** Of words that do not say theirs. */
  readonly namespace: string
}
