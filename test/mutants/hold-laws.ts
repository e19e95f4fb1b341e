import fc from 'fast-check'
import { heldClusters, holds } from '../arbitraries/held-clusters.ts'
import { heldAtOutput } from '../laws/held-at-output.ts'
import { HELD_WHILE_OTHERS_GAIN } from '../laws/held-while-others-gain.ts'
import { expectNoThirdVerdict } from '../laws/hold-through.ts'
import { check } from './check.ts'

/** Two states of a node: any two, or two that differ in what the runtime has given out. */
const changes = heldClusters().chain((one) =>
  fc.oneof(
    heldClusters().map((other) => [one, other] as const),
    holds(one.cluster).map((hold) => [one, { ...one, hold }] as const),
  ),
)

/** What packets meet while addresses come, go, and go from pod to pod. */
export const HOLD_LAWS = {
  'held or let pass, before or after': () => {
    for (const [, before, after] of HELD_WHILE_OTHERS_GAIN) {
      expectNoThirdVerdict(before, after)
      expectNoThirdVerdict(after, before)
    }
    check(changes, 60, ([before, after]) => expectNoThirdVerdict(before, after))
  },

  'held at output as at forward': () => check(heldClusters(), 40, (one) => void heldAtOutput(one)),
}
