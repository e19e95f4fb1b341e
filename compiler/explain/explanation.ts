import type { Cluster } from '../cluster/create-cluster.ts'
import type { PairAnswer } from './answer-leg.ts'
import type { Refusal } from './site.ts'

export interface Explanation {
  readonly kind: 'answer'
  readonly from: string
  readonly to: string
  /** In which it was answered: with such pods as had to be assumed. */
  readonly cluster: Cluster
  /** All pairs. */
  readonly allowed: boolean
  /** One, or one for each pod that an end stands for and that may be answered differently. */
  readonly pairs: readonly PairAnswer[]
  /** The answer were the policies enforced that are only audited, where one of those isolates an end. */
  readonly would?: { readonly policies: readonly string[]; readonly answer: Explanation } | undefined
  /** What else has to be known: translated ports, names that cannot be looked up, addresses that policy sees. */
  readonly notes: readonly string[]
}

/** The question cannot be answered as it was put. */
export type QuestionProblem = Refusal
