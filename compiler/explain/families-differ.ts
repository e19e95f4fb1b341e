import type { FamilyAnswer } from './answer-leg.ts'

/** Is one family denied where, or in a direction in which, another is not? */
export function familiesDiffer(families: readonly FamilyAnswer[]): boolean {
  const verdicts = families.map(({ answer: { egress, ingress } }) => `${egress.allowed} ${ingress.allowed}`)
  return new Set(verdicts).size > 1
}
