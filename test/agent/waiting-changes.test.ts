import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWaitingChanges } from '../../src/agent/waiting-changes.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { events } from '../arbitraries/events.ts'
import { changesOf } from '../laws/changes-of.ts'
import { lawParameters } from '../support/law-parameters.ts'

test('law: what waits leads where all that came would have led, and is at most one change for each object', () => {
  const lives = clusters().chain((cluster) => fc.tuple(events(cluster), fc.integer({ min: 1, max: 20 })))
  let merged = 0
  fc.assert(
    fc.property(lives, ([history, size]) => {
      const all = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
      const last = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
      const changes = changesOf(history)
      for (let from = 0; from < changes.length; from += size) {
        const waiting = createWaitingChanges()
        const batch = changes.slice(from, from + size)
        for (const change of batch) {
          waiting.add([change])
          all.apply([change])
        }
        const names = batch.map((change) => {
          const { kind, name } = change.type === 'put' ? change.object : change
          const namespace = change.type === 'put' && 'namespace' in change.object ? change.object.namespace : ''
          return `${kind} ${change.type === 'put' ? namespace : change.namespace} ${name}`
        })
        expect(waiting.size).toBe(new Set(names).size)
        merged += batch.length - waiting.size
        last.apply(waiting.take())
        expect(waiting.size).toBe(0)
      }
      const text = (engine: typeof all) => rulesetText(engine.ruleset(), DEFAULT_OPTIONS, 1)
      expect(text(last)).toBe(text(all))
    }),
    lawParameters(60),
  )
  expect(merged).toBeGreaterThan(10)
})
