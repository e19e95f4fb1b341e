import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReconciler } from '../../src/agent/reconciler.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { events } from '../arbitraries/events.ts'
import { applyTransaction, createTable, GENERATION_CHAINS, serialize } from '../interpreter/interpreter.ts'
import { changesOf } from '../laws/changes-of.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { createMemoryKernel } from './memory-kernel.ts'

test('whatever the kernel refuses on the way, in the end it holds what a fresh engine gives', async () => {
  const lives = clusters().chain((cluster) =>
    fc.tuple(fc.constant(cluster), events(cluster), fc.infiniteStream(fc.integer({ min: 0, max: 3 }))),
  )
  const met = { refused: 0, rebuilt: 0 }
  await fc.assert(
    fc.asyncProperty(lives, async ([cluster, history, refusals]) => {
      const kernel = createMemoryKernel()
      const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
      const reconciler = createReconciler({
        engine,
        kernel,
        ruleset: DEFAULT_OPTIONS,
        now: () => 0,
        verified: () => undefined,
        applied: ({ ok, reason }) => {
          met.refused += Number(!ok)
          met.rebuilt += Number(ok && reason === 'rebuild')
        },
      })
      await reconciler.start([])
      for (const change of changesOf(history)) {
        kernel.refuse(refusals.next().value ?? 0)
        await reconciler.apply([change])
      }
      kernel.refuse(0)
      expect(await reconciler.verify()).toBe(true)
      const fresh = createTable()
      applyTransaction(fresh, rulesetText(engineOf(cluster).ruleset(), DEFAULT_OPTIONS, 1))
      expect(serialize(kernel.table, GENERATION_CHAINS)).toBe(serialize(fresh, GENERATION_CHAINS))
    }),
    lawParameters(60),
  )
  expect(Math.min(met.refused, met.rebuilt)).toBeGreaterThan(10)
})
