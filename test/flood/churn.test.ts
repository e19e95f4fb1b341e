import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Change } from '../../compiler/engine/change.ts'
import { baseSets } from '../../compiler/nftables/base-sets.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { deniedSets } from '../../compiler/nftables/recorded-sets.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { fixedChains, generationChains } from '../../compiler/nftables/static-chains.ts'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { type Event, events, keyOf } from '../arbitraries/events.ts'
import { choicesFrom } from '../arbitraries/seeded.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { changesOf } from '../laws/changes-of.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import { decodeRaw } from '../laws/decode-cluster.ts'
import { clusterOf } from '../oracle/make-objects.ts'
import type { RawCluster, RawObject } from '../oracle/raw-cluster.ts'
import { numRuns } from '../support/runs.ts'
import { startNodeAgent } from './node-agent.ts'
import { listTable } from './table-listing.ts'

// trap 44: a thousand changes leave no chain and no set behind

const CHANGES = 1_000
const CHECKED_EVERY = 100
const BATCHES = [1, 1, 2, 3, 5, 8] as const

describeLab('churn in the kernel', () => {
  test('after every hundred changes the table has what a fresh one has', { timeout: 600_000 }, async () => {
    const seed = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
    console.log(`FC_SEED=${seed}`)
    await using lab = await createLab({
      arrangement: 'routed',
      nodes: [{ name: 'node-1' }, { name: 'node-2' }],
      pods: [],
    })
    const choices = choicesFrom(seed)
    const agent = await startNodeAgent(lab, clusterOf(), { isLocal: () => true })
    const held = new Map<string, RawObject>()
    const transactions = () => agent.applications.reduce((sum, one) => sum + one.transactions, 0)
    let checked = 0
    let made = 0
    for (const batch of batchesOf(history(seed, numRuns(CHANGES)), choices.pick)) {
      for (const event of batch) hold(held, event)
      await agent.apply(changesOf(batch))
      made += batch.length
      if (Math.floor(made / CHECKED_EVERY) === checked) continue
      checked = Math.floor(made / CHECKED_EVERY)
      const [stands, fresh] = await standsAndFresh(lab, clusterFrom(held), agent.reconciler.generation)
      expect(stands.chains).toEqual(fresh.chains)
      expect(stands.sets).toEqual(fresh.sets)
    }
    const [stands, fresh] = await standsAndFresh(lab, clusterFrom(held), agent.reconciler.generation)
    expect(stands.lines).toEqual(fresh.lines)
    expect(agent.applications.filter(({ reason, ok }) => !ok || reason === 'rebuild')).toEqual([])
    console.log(
      `${made} changes, ${transactions()} transactions; ${stands.chains.length} chains and ${stands.sets.length} sets`,
    )

    const policies = clusterFrom(held).policies
    await agent.apply(policies.map((one): Change => ({ type: 'remove', ...keyOf(one) })))
    const bare = await listTable(lab, 'node-1')
    const frame = [...generationChains(DEFAULT_OPTIONS, 1), ...fixedChains(DEFAULT_OPTIONS), ...emptyChains()]
    expect(bare.chains).toEqual(frame.map(({ name }) => name).toSorted())
    expect(bare.sets).toEqual([...baseSets(), ...deniedSets()].map(({ name }) => name).toSorted())
    expect(bare.lines.filter((line) => line.includes('"elem":["'))).toEqual([])
  })
})

/** Chains of the frame that are content of the engine: they are there without any object. */
function emptyChains() {
  const { chains } = engineOf(clusterOf()).ruleset()
  const fixed = new Set(fixedChains(DEFAULT_OPTIONS).map(({ name }) => name))
  return [...chains.values()].filter(({ name }) => !fixed.has(name))
}

/** What stands on node-1, and the same cluster loaded afresh on node-2. */
async function standsAndFresh(lab: Lab, cluster: RawCluster, generation = 1) {
  await lab.loadRuleset('node-2', rulesetText(engineOf(cluster).ruleset(), DEFAULT_OPTIONS, generation))
  return Promise.all([listTable(lab, 'node-1'), listTable(lab, 'node-2')])
}

/** Lives of random clusters, one after the other in the same names, until there are enough changes. */
function history(seed: number, length: number): readonly Event[] {
  const lives = clusters().chain(events)
  const happened: Event[] = []
  for (let turn = 0; happened.length < length; turn += 1) {
    happened.push(...(fc.sample(lives, { numRuns: 1, seed: seed + turn })[0] ?? []))
  }
  return happened.slice(0, length)
}

function* batchesOf(
  happened: readonly Event[],
  pick: ReturnType<typeof choicesFrom>['pick'],
): Iterable<readonly Event[]> {
  for (let from = 0; from < happened.length; ) {
    const size = pick(BATCHES)
    yield happened.slice(from, from + size)
    from += size
  }
}

function hold(held: Map<string, RawObject>, event: Event): void {
  const key = JSON.stringify(event.type === 'put' ? keyOf(event.object) : keyOfRemoved(event))
  if (event.type === 'put' && decodeRaw(event.object) !== undefined) held.set(key, event.object)
  else if (event.type === 'remove') held.delete(key)
}

function keyOfRemoved({ kind, namespace, name }: Extract<Event, { readonly type: 'remove' }>) {
  return { kind, namespace, name }
}

function clusterFrom(held: ReadonlyMap<string, RawObject>): RawCluster {
  return clusterOf(...held.values())
}
