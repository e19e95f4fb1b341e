import { release } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import type { RulesetChange } from '../../compiler/nftables/ruleset.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { waitUntil } from '../kernel-room/wait-until.ts'
import { clusterOf, pod } from '../oracle/make-objects.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { patient } from '../support/patience.ts'
import { changesBetween } from './changes-between.ts'
import { countProbes } from './count-probes.ts'
import { describeFlood, podsOf } from './flood-lab.ts'
import { framesOf, probesFor } from './flood-probe.ts'
import { naiveTransaction } from './naive-transaction.ts'
import { doors, ingress } from './policies.ts'
import { type Flood, startFlood } from './start-flood.ts'

// trap 57: a right that was taken stays with no flow, also where what gave it was an element of an interval set

const ROUNDS = Number(process.env['SELVEDGE_ROUNDS'] ?? 20)

/** Every kind of grant of db is for peers of another door, so that all of them share one interval set; many leave it at once. */
const state = (door: string) =>
  clusterOf(
    ...podsOf({ api: { door } }),
    ...Array.from({ length: 30 }, (_, index) =>
      pod(`shop/many-${index}`, `10.244.2.${100 + index} fd44:0:0:2::${100 + index}`, {
        labels: { door },
        spec: { nodeName: 'node-2', containers: [{ name: 'main' }] },
      }),
    ),
    ingress('db', { app: 'db' }, ...doors(140)),
  )

/** Until that kernel removals from such sets took effect at once, unless it is a stable one with the same fix. */
const [major = 0, minor = 0] = release().split('.').map(Number)
const removesLate = major > 6 || (major === 6 && minor >= 17)

describeFlood('a right taken out of an interval set', (lab) => {
  const [probe] = probesFor([{ from: 'api', to: 'db', port: 3032 }], ['remembered'])
  if (probe === undefined) throw new Error('one route has a probe')
  let flood: Flood
  beforeAll(async () => {
    flood = await startFlood(lab(), framesOf(lab(), probe))
  })
  afterAll(() => flood.close())

  test('stays with some flows where the new generation comes in the same transaction, as the flood notices', {
    timeout: patient(120_000),
  }, async () => {
    const kept = await keptRights((change, _, generation) => [naiveTransaction(change, DEFAULT_OPTIONS, generation)])
    console.log(`in one transaction: ${kept} of ${ROUNDS} flows kept their right on ${release()}`)
    if (removesLate) expect(kept).toBeGreaterThan(0)
    else expect(kept).toBeLessThanOrEqual(ROUNDS)
  })

  test('stays with none by our transactions', { timeout: patient(120_000) }, async () => {
    expect(
      await keptRights((change, view, generation) => planTransactions(change, view, DEFAULT_OPTIONS, generation)),
    ).toBe(0)
  })

  type Plan = (
    change: RulesetChange,
    view: ReturnType<typeof createEngine>['view'],
    generation: number,
  ) => readonly string[]

  /** How many times, of ROUNDS, packets of the flow still passed when its right was gone. */
  async function keptRights(plan: Plan): Promise<number> {
    const engine = createEngine({ isLocal: (one) => one.node === 'node-1', ruleset: DEFAULT_OPTIONS })
    let standing = clusterOf()
    let generation = 1
    const become = async (next: RawCluster) => {
      const change = engine.apply(changesBetween(standing, next))
      standing = next
      generation += 1
      for (const text of plan(change, engine.view, generation)) await lab().loadRuleset('node-1', text)
    }
    await lab().loadRuleset('node-1', rulesetText(engine.ruleset(), DEFAULT_OPTIONS, generation))
    const counters = await countProbes(lab(), probe === undefined ? [] : [probe])
    const counted = async () => (await counters.read())[0] ?? { offered: 0, passed: 0 }
    try {
      let kept = 0
      for (let round = 0; round < ROUNDS; round += 1) {
        await become(state('d3'))
        const before = await counted()
        await waitUntil(async () => (await counted()).passed > before.passed + 20, 'the flow passes')
        await become(state('none'))
        const after = await counted()
        await waitUntil(async () => (await counted()).offered > after.offered + 200, 'the flow is sent')
        if ((await counted()).passed > after.passed) kept += 1
      }
      return kept
    } finally {
      await counters.close()
    }
  }
})
