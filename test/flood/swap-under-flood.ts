import { waitUntil } from '../kernel-room/wait-until.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { type Constancy, constancyOf, verdictsOf } from './constancy.ts'
import { countProbes, type ProbeCount } from './count-probes.ts'
import { type FloodProbe, framesOf, probeTitle } from './flood-probe.ts'
import { startFlood } from './start-flood.ts'

export interface Swaps {
  /** The clusters that follow each other, round and round; the first one stands. */
  readonly states: readonly RawCluster[]
  readonly probes: readonly FloodProbe[]
  readonly rounds: number
  /** Makes the cluster the next one on node-1. */
  become(next: RawCluster): Promise<unknown>
}

export interface ProbeTally extends ProbeCount {
  readonly title: string
  readonly constancy: Constancy
}

/** Floods while the clusters follow each other, and tells for each probe what came to our chain and what got past it. */
export async function swapUnderFlood(lab: Lab, swaps: Swaps): Promise<readonly ProbeTally[]> {
  const { states, probes, rounds, become } = swaps
  const known = probes.map((probe) => ({
    title: probeTitle(probe),
    constancy: constancyOf(verdictsOf(states, probe)),
  }))
  const counters = await countProbes(lab, probes)
  const tallies = async () => {
    const counts = await counters.read()
    return known.map((one, index) => ({ ...one, ...(counts[index] ?? { offered: 0, passed: 0 }) }))
  }
  try {
    const flood = await startFlood(
      lab,
      probes.flatMap((probe) => framesOf(lab, probe)),
    )
    try {
      await waitUntil(async () => (await tallies()).every(({ offered }) => offered > 0), 'the flood flows')
      for (let round = 0; round < rounds; round += 1) {
        for (const state of [...states.slice(1), ...states.slice(0, 1)]) await become(state)
      }
    } finally {
      await flood.close()
    }
    return await tallies()
  } finally {
    await counters.close()
  }
}

/** How many packets of a probe were let down: what had always to pass did not, or what never may did. */
export function astray({ constancy, offered, passed }: ProbeTally): number {
  if (constancy === 'always') return offered - passed
  return constancy === 'never' ? passed : 0
}

/** The probes that were let down, for a test to print. */
export function thirdVerdicts(tallies: readonly ProbeTally[]): readonly string[] {
  return tallies.flatMap((tally) => {
    const { title, constancy, offered } = tally
    const count = astray(tally)
    return count === 0 ? [] : [`${title}: ${constancy === 'always' ? 'lost' : 'leaked'} ${count} of ${offered}`]
  })
}
