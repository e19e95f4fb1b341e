import fc from 'fast-check'
import { expect, test } from 'vitest'
import { interestingConnections } from '../arbitraries/connections.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { describeKubeApi } from '../support/kube-api.ts'
import { numRuns } from '../support/runs.ts'
import { ApiRefusal } from './api-client.ts'
import { type ApiCluster, createApiCluster } from './api-cluster.ts'
import { comparableTable } from './comparable-table.ts'
import { namespacesAtFirst, operation, perform } from './random-operations.ts'
import { planOfSlots } from './slots.ts'
import { compareVerdicts } from './verdicts.ts'

/** Random pods stand at up to so many addresses of a node. */
const SLOTS = 10
const OPERATIONS = numRuns(240)
const CONNECTIONS = 300
/** FC_SEED repeats a run. */
const SEED = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

// trap 44: what has come and gone leaves no chain and no set
describeLab('random histories of a cluster, told by its API', () => {
  describeKubeApi('on two nodes', () => {
    test('packets get the oracle’s verdict, and the past leaves nothing', {
      timeout: 300_000 + OPERATIONS * 2_000,
    }, async () => {
      await using cluster = await createApiCluster(planOfSlots(SLOTS))
      for (const { name } of cluster.lab.nodes) await cluster.startAgent(name)
      const seen = { done: 0, idle: 0, refused: 0, allowed: 0, denied: 0 }
      const told = await live(cluster, seen).catch((error: unknown) => {
        const history = `FC_SEED=${SEED}, after ${seen.done + seen.idle + seen.refused} operations`
        throw new Error(`${history}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      })
      console.log(`FC_SEED=${SEED}: ${JSON.stringify(seen)}; refused: ${JSON.stringify([...told])}`)
      // The arbitraries are made of what the API server takes; what it refuses all the same is no test.
      expect(seen.refused).toBeLessThan(OPERATIONS / 5)
      expect(seen.done).toBeGreaterThan(OPERATIONS / 2)
      expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(OPERATIONS / 4)
      await expectFreshTablesEqual(cluster)
    })
  })
})

/** Does all operations, with a look at the packets in between; returns the refusals, each kind once. */
async function live(
  { lab, objects, settled }: ApiCluster,
  seen: { done: number; idle: number; refused: number; allowed: number; denied: number },
): Promise<ReadonlySet<string>> {
  const refusals = new Set<string>()
  const [first = []] = fc.sample(namespacesAtFirst, { seed: SEED, numRuns: 1 })
  for (const namespace of first) await objects.create(namespace)
  const operations = fc.sample(operation, { seed: SEED, numRuns: OPERATIONS })
  const pauses = fc.sample(fc.integer({ min: 15, max: 25 }), { seed: SEED, numRuns: OPERATIONS })
  for (const pause of pauses) {
    const next = operations.splice(0, pause)
    if (next.length === 0) break
    for (const one of next) {
      try {
        seen[(await perform(objects, one)) ? 'done' : 'idle'] += 1
      } catch (error) {
        if (!(error instanceof ApiRefusal) || error.status >= 500) throw error
        seen.refused += 1
        refusals.add(
          error.message
            .replace(/^.* is invalid: /, '')
            .replaceAll(/\[\d*|\]|"[^"]*"/g, '')
            .slice(0, 80),
        )
      }
    }
    await settled()
    const now = await objects.snapshot()
    const { wrong, allowed, denied } = await compareVerdicts(lab, now, interestingConnections(now, CONNECTIONS))
    seen.allowed += allowed
    seen.denied += denied
    if (wrong.length > 0) {
      throw new Error(
        [...wrong.slice(0, 10), 'the last operations:', ...next.map((one) => JSON.stringify(one))].join('\n'),
      )
    }
  }
  return refusals
}

/** What the agents made over time is what new ones make of the end alone, on nodes without a table. */
async function expectFreshTablesEqual(cluster: ApiCluster): Promise<void> {
  const { lab } = cluster
  for (const old of cluster.agents()) {
    const lived = await comparableTable(lab, old.node)
    expect(await old.kill()).toBe(0)
    await lab.nft(old.node, ['delete', 'table', 'inet', 'selvedge'])
    const fresh = await cluster.startAgent(old.node)
    await fresh.ready()
    expect(lived).toEqual(await comparableTable(lab, old.node))
    expect(lived.length).toBeGreaterThan(50)
  }
}
