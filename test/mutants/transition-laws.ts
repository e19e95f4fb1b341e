import { ok } from 'node:assert'
import { interestingConnections } from '../arbitraries/connections.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { check } from './check.ts'
import { journeys } from './journeys.ts'
import { liveThrough } from './live-through.ts'
import { longSetJourneys } from './long-set-journeys.ts'
import { mergedJourneys } from './merged-set-journeys.ts'
import { OF_THE_MOVING_POD, SHARED_SET_JOURNEYS } from './shared-set-journeys.ts'

/** What packets meet while one ruleset becomes another. */
export const TRANSITION_LAWS = {
  'old verdict or new verdict': () => {
    for (const stages of SHARED_SET_JOURNEYS) liveThrough(stages, OF_THE_MOVING_POD)
    check(journeys, 40, (stages) => void liveThrough(stages, watchedIn(stages)))
  },

  'interval sets are late': () => {
    for (const { before, after, watched } of mergedJourneys()) liveThrough([before, after], watched)
  },

  'long sets keep their names': () => {
    for (const { stages, watched } of longSetJourneys()) {
      const lived = liveThrough(stages, watched)
      for (const { taken, transactions } of lived) {
        ok(isBumped(transactions) || taken.length === 0, `taken and not judged again: ${JSON.stringify(taken[0])}`)
      }
    }
  },

  'long sets of another day become those of today': () => {
    for (const { stages, watched } of longSetJourneys()) liveThrough(stages, watched, 'anew')
  },

  'a right taken is taken from live flows': () =>
    check(journeys, 40, (stages) => {
      for (const { taken, transactions } of liveThrough(stages, watchedIn(stages))) {
        ok(isBumped(transactions) || taken.length === 0, `taken and not judged again: ${JSON.stringify(taken[0])}`)
      }
    }),
}

function isBumped(transactions: readonly string[]): boolean {
  return transactions.some((text) => text.includes('flush chain inet selvedge forward\n'))
}

function watchedIn(stages: readonly RawCluster[]) {
  return stages.flatMap((cluster) => interestingConnections(cluster, 30))
}
