import fc from 'fast-check'
import { expect, test } from 'vitest'
import { replacementTexts } from '../../compiler/nftables/replacement-texts.ts'
import { createReconciler, type ReconcilerOptions } from '../../src/agent/reconciler.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { allows, applyTransaction, createTable, GENERATION_CHAINS, serialize } from '../interpreter/interpreter.ts'
import type { TableView } from '../interpreter/interpreter.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import { decodeCluster } from '../laws/decode-cluster.ts'
import { textConnection } from '../laws/text-connection.ts'
import { policy } from '../oracle/make-objects.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { createMemoryKernel } from './memory-kernel.ts'

/** With a policy of so many blocks for every namespace that they make an interval set. */
function withManyBlocks(cluster: RawCluster): RawCluster {
  const except = Array.from({ length: 9 }, (_, index) => `10.${index * 2}.0.0/16`)
  const spec = { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except } }] }] }
  const namespaces = new Set(cluster.pods.map(({ metadata }) => metadata.namespace ?? 'default'))
  const more = [...namespaces].map((namespace) => policy(`${namespace}/many-blocks`, spec))
  return { ...cluster, policies: [...cluster.policies, ...more] }
}

const markOf = (view: TableView) => /ct mark & \S+ == (\S+)/.exec(serialize(view))?.[1]

/** A reconciler of a node on which no table stands. */
function overNothing(applied: ReconcilerOptions['applied'] = () => undefined, replacing = () => Promise.resolve()) {
  const kernel = createMemoryKernel({ tellsOfNoTable: true })
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  const options = {
    engine,
    kernel,
    ruleset: DEFAULT_OPTIONS,
    now: () => 0,
    verified: () => undefined,
    applied,
    replacing,
  }
  return { kernel, engine, reconciler: createReconciler(options) }
}

test('where no table stands, nothing that is allowed is denied on the way, and nothing that passed is remembered', async () => {
  const met = { several: 0, passedOnTheWay: 0 }
  await fc.assert(
    fc.asyncProperty(clusters().map(withManyBlocks), async (cluster) => {
      const { kernel, reconciler } = overNothing()
      const objects = decodeCluster(cluster)
      expect(await reconciler.start(objects.map((object) => ({ type: 'put', object })))).toBe(true)
      met.several += Number(kernel.texts.length > 1)
      const fresh = createTable()
      applyTransaction(fresh, rulesetText(engineOf(cluster).ruleset(), DEFAULT_OPTIONS, 1))
      expect(serialize(kernel.table, GENERATION_CHAINS)).toBe(serialize(fresh, GENERATION_CHAINS))

      const judge = oracle(cluster)
      const inForce = markOf(kernel.table)
      for (const connection of interestingConnections(cluster, 40)) {
        const { allowed } = judge(connection)
        for (const view of kernel.views) {
          const passes = allows(view, textConnection(connection))
          if (allowed && !passes) throw new Error(`denied on the way: ${JSON.stringify(connection)}`)
          if (allowed || !passes) continue
          met.passedOnTheWay += 1
          if (markOf(view) === inForce) throw new Error(`remembered: ${JSON.stringify(connection)}`)
        }
      }
    }),
    lawParameters(100),
  )
  expect(met.several).toBeGreaterThan(5)
  expect(met.passedOnTheWay).toBeGreaterThan(5)
})

test('a node without an isolated pod gets the frame alone, in one transaction', async () => {
  const seen: unknown[] = []
  const { kernel, engine, reconciler } = overNothing((application) => seen.push(application))
  await reconciler.start([])
  expect(kernel.texts).toEqual([rulesetText(engine.ruleset(), DEFAULT_OPTIONS, 1)])
  expect(seen).toMatchObject([{ reason: 'start', ok: true, transactions: 1, generation: 1, drift: 'table' }])
})

test('a table that somebody takes away is a table that is gone: what it has noted is kept before another is built', async () => {
  const seen: string[] = []
  const { kernel, reconciler } = overNothing(
    ({ reason }) => seen.push(reason),
    async () => void seen.push('replacing'),
  )
  await reconciler.start([])
  kernel.table.state = undefined
  expect(await reconciler.verify()).toBe(true)
  expect(seen).toEqual(['start', 'replacing', 'drift'])
})

test('when a part of it is refused, the whole is replaced, whatever stands by then', async () => {
  await fc.assert(
    fc.asyncProperty(clusters(), async (cluster) => {
      const { kernel, engine, reconciler } = overNothing()
      kernel.refuse(1)
      expect(await reconciler.start(decodeCluster(cluster).map((object) => ({ type: 'put', object })))).toBe(true)
      const anew = replacementTexts(engine.ruleset(), DEFAULT_OPTIONS, reconciler.generation ?? 0)
      expect(kernel.texts.slice(1)).toEqual(anew)
    }),
    lawParameters(10),
  )
})
