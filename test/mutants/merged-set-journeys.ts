import { type MergedPlan, mergedSetsOf } from '../arbitraries/merged-sets.ts'

const QUIET: MergedPlan = {
  kinds: 130,
  ranges: 1,
  peers: [[0, 0]],
  web: ['same', 'same'],
  other: ['none', 'none'],
  egress: ['none', 'none'],
  selectedBy: 'name',
}

/** Changes of interval sets, each of which one rule about what may be one transaction is for. */
export const MERGED_SET_JOURNEYS = [
  // A pod begins to be isolated by a class that brings its interval set.
  { ...QUIET, web: ['none', 'same'] },
  // A peer leaves the interval set of a pod whose rules stay.
  { ...QUIET, peers: [[0, 1]] },
  // A pod's new rules read an interval set that stands, and that a peer leaves whom the old ones did not let in.
  { ...QUIET, peers: [[0, 20]], web: ['elsewhere', 'same'], other: ['same', 'same'], selectedBy: 'rules' },
] satisfies readonly MergedPlan[] as readonly MergedPlan[]

/** Before, after, and whom to watch. */
export const mergedJourneys = () => MERGED_SET_JOURNEYS.map(mergedSetsOf)
