import { expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { clusterOf } from '../oracle/make-objects.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { changesBetween } from './changes-between.ts'
import { describeFlood, podsOf } from './flood-lab.ts'
import { probesFor } from './flood-probe.ts'
import { naiveTransaction } from './naive-transaction.ts'
import { doors, ingress } from './policies.ts'
import { swapUnderFlood, thirdVerdicts } from './swap-under-flood.ts'

// trap 59: a change of classes and of the sets that they read, in one transaction, loses packets: here seen to do so

/** Both classes let cache in, by interval sets of their own: of policies with other podSelectors. */
const LABELS = { app: 'db', tier: 'data' }
const STATES = [{ app: 'db' }, { tier: 'data' }].map((selector) =>
  clusterOf(...podsOf({ db: LABELS }), ingress('db', selector, ...doors(140))),
)

const ROUNDS = 20
/** Ten times what it took at worst. */
const MOST_SWAPS = 400

describeFlood('a change made in one transaction', (lab) => {
  test('loses packets, and the flood notices', { timeout: 300_000 }, async () => {
    const engine = createEngine({ isLocal: (pod) => pod.node === 'node-1', ruleset: DEFAULT_OPTIONS })
    let standing = clusterOf()
    let generation = 1
    const become = async (next: RawCluster): Promise<void> => {
      const change = engine.apply(changesBetween(standing, next))
      standing = next
      generation += 1
      await lab().loadRuleset('node-1', naiveTransaction(change, DEFAULT_OPTIONS, generation))
    }
    await lab().loadRuleset('node-1', rulesetText(engine.ruleset(), DEFAULT_OPTIONS, generation))
    for (const state of STATES) await become(state)
    const routes = [
      { from: 'cache', to: 'db', port: 3003 },
      { from: 'far', to: 'db', port: 3003 },
    ] as const
    const probes = probesFor(routes, ['new'])
    let seen: readonly string[] = []
    let swaps = 0
    while (seen.length === 0 && swaps < MOST_SWAPS) {
      const states = STATES.toReversed()
      seen = thirdVerdicts(await swapUnderFlood(lab(), { states, probes, rounds: ROUNDS, become }))
      swaps += ROUNDS * STATES.length
    }
    console.log(`after ${swaps} swaps: ${seen.join('; ')}`)
    expect(seen).not.toEqual([])
  })
})
