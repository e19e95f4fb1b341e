import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Change } from '../../compiler/engine/change.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import { keyOf } from '../arbitraries/events.ts'
import { longSets } from '../arbitraries/long-sets.ts'
import { respell } from '../arbitraries/respell.ts'
import { allows, applyTransaction, createTable } from '../interpreter/interpreter.ts'
import { liveThrough } from '../mutants/live-through.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawPort } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { surePut } from './changes-of.ts'
import { engineOf, textOf } from './compile-cluster.ts'
import { textConnection } from './text-connection.ts'

// Sets that are named by whose they are: docs/ruleset.md, 'One grant more'

const TIMEOUT = 300_000

const met = { elements: 0, diverted: 0, transactions: 0 }

test('long sets change while their rules stay: every packet gets the old or the new verdict, and the end is what the whole text makes', {
  timeout: TIMEOUT,
}, () => {
  fc.assert(
    fc.property(longSets, ({ stages, watched }) => {
      for (const { transactions } of liveThrough(stages, watched).slice(1)) {
        met.transactions += transactions.length
        met.diverted += Number(transactions.some((text) => text.includes('-next')))
        const isOneElement = transactions.some((text) =>
          /^(add|delete) element inet selvedge [xp]4-\S+ \{[^,]*\}$/m.test(text),
        )
        met.elements += Number(isOneElement)
      }
    }),
    lawParameters(40),
  )
  console.log(`met: ${JSON.stringify(met)}`)
  expect(Math.min(met.elements, met.diverted)).toBeGreaterThan(0)
})

test('an agent that finds long sets of another day changes them so that every packet gets the old or the new verdict', {
  timeout: TIMEOUT,
}, () => {
  const seen = { elements: 0, diverted: 0 }
  fc.assert(
    fc.property(longSets, ({ stages, watched }) => {
      for (const { transactions } of liveThrough(stages, watched, 'anew').slice(1)) {
        seen.elements += Number(transactions.some((text) => /^(add|delete) element inet selvedge y4-/m.test(text)))
        seen.diverted += Number(transactions.some((text) => text.includes('-next')))
      }
    }),
    lawParameters(40),
  )
  console.log(`seen: ${JSON.stringify(seen)}`)
  expect(Math.min(seen.elements, seen.diverted)).toBeGreaterThan(0)
})

test('the text of long sets gives the verdicts of the oracle, and equal meaning in other words equal bytes', {
  timeout: TIMEOUT,
}, () => {
  const verdicts = { allowed: 0, denied: 0 }
  fc.assert(
    fc.property(longSets, fc.integer(), ({ stages, watched }, seed) => {
      for (const cluster of stages.slice(-1)) {
        const text = textOf(engineOf(cluster))
        expect(textOf(engineOf(respell(cluster, seed)))).toBe(text)
        const [judge, table] = [oracle(cluster), createTable()]
        applyTransaction(table, text)
        for (const connection of watched) {
          const { allowed } = judge(connection)
          expect({ connection, allowed: allows(table, textConnection(connection)) }).toEqual({ connection, allowed })
          verdicts[allowed ? 'allowed' : 'denied'] += 1
        }
      }
    }),
    lawParameters(40),
  )
  expect(Math.min(verdicts.allowed, verdicts.denied)).toBeGreaterThan(100)
})

test('many policies that come, change and go one by one end in the bytes of a fresh engine', {
  timeout: TIMEOUT,
}, () => {
  const kinds = fc.constantFrom(['k0'], ['k1'], ['k0', 'k1'], ['none'])
  const port = fc.constantFrom<RawPort>(
    { port: 2_000 },
    { port: 2_001 },
    { port: 2_000, endPort: 2_003 },
    { port: 'http' },
    { port: 3_000 },
    {},
  )
  const extra = fc.tuple(fc.constantFrom('Ingress' as const, 'Egress' as const), kinds, port)
  const step = fc.record({ at: fc.nat({ max: 69 }), extra: fc.option(extra, { nil: undefined, freq: 3 }) })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), fc.integer({ min: 1, max: 3 }), (steps, size) => {
      const pods = ['k0', 'k1', 'k2'].map((kind, at) =>
        pod(`shop/peer-${at}`, `10.244.2.${at + 1}`, { labels: { kind }, ports: HTTP }),
      )
      const webs = [1, 2].map((at) => pod(`shop/web-${at}`, `10.244.1.${at}`, { labels: { app: 'web' }, ports: HTTP }))
      const standing = new Map(
        Array.from({ length: 140 }, (_, at) => [at, granting(at, ['Ingress', [`k${at}`], { port: 3_000 + 2 * at }])]),
      )
      const engine = engineOf(clusterOf(...pods, ...webs, ...standing.values()))
      const changes = steps.map(({ at, extra: one }): Change => {
        if (one === undefined) {
          standing.delete(at)
          return { type: 'remove', ...keyOf(granting(at, ['Ingress', [], {}])) }
        }
        standing.set(at, granting(at, one))
        return surePut(granting(at, one))
      })
      while (changes.length > 0) engine.apply(changes.splice(0, size))
      expect(textOf(engine)).toBe(textOf(engineOf(clusterOf(...pods, ...webs, ...standing.values()))))
    }),
    lawParameters(40),
  )
})

const HTTP = [{ name: 'http', containerPort: 8_080 }]

function granting(at: number, [direction, kinds, port]: readonly ['Ingress' | 'Egress', readonly string[], RawPort]) {
  const podSelector = { matchExpressions: [{ key: 'kind', operator: 'In', values: kinds }] }
  const rule = { [direction === 'Ingress' ? 'from' : 'to']: [{ podSelector }], ports: [port] }
  const spec = { podSelector: { matchLabels: { app: 'web' } }, policyTypes: [direction] }
  return policy(`shop/grant-${at}`, { ...spec, [direction.toLowerCase()]: [rule] })
}

test('one grant more is one `add element`, and its end one `delete element`, whatever else is granted', () => {
  const shape = fc.record({
    grants: fc.integer({ min: 130, max: 400 }),
    first: fc.integer({ min: 1, max: 1_000 }),
    protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
    direction: fc.constantFrom('Ingress' as const, 'Egress' as const),
    pods: fc.integer({ min: 1, max: 5 }),
    onOnePort: fc.boolean(),
  })
  fc.assert(
    fc.property(shape, ({ grants, first, protocol, direction, pods, onOnePort }) => {
      const side = direction === 'Ingress' ? 'from' : 'to'
      const grantOf = (at: number) => {
        const rule = {
          [side]: [{ podSelector: { matchLabels: { kind: `k${at}` } } }],
          ports: [{ protocol, port: onOnePort ? 80 : first + 3 * at }],
        }
        const spec = { podSelector: { matchLabels: { app: 'web' } }, policyTypes: [direction] }
        return policy(`shop/grant-${at}`, { ...spec, [direction.toLowerCase()]: [rule] })
      }
      const objects = [
        pod('shop/peer', '10.244.2.1', { labels: { kind: `k${grants}` } }),
        ...Array.from({ length: pods }, (_, at) =>
          pod(`shop/web-${at}`, `10.244.1.${at + 1}`, {
            labels: { app: 'web', 'apps.kubernetes.io/pod-index': `${at}` },
          }),
        ),
        ...Array.from({ length: grants }, (_, at) => grantOf(at)),
      ]
      const engine = engineOf(clusterOf(...objects))
      const key = keyOf(grantOf(grants))
      const plan = (change: Change) => planTransactions(engine.apply([change]), engine.view, DEFAULT_OPTIONS, 2)
      const port = onOnePort ? '' : ` . ${protocol.toLowerCase()} . ${first + 3 * grants}`
      const one = new RegExp(`^(add|delete) element inet selvedge ([xp]4-[a-z2-7]{20}) \\{ 10.244.2.1${port} \\}\n$`)
      const came = plan(surePut(grantOf(grants)))
      expect(came).toHaveLength(1)
      expect(came[0]).toMatch(one)
      const gone = plan({ type: 'remove', ...key })
      expect(gone).toHaveLength(1)
      // The new generation, in two chains, and the element.
      const [element = '', ...others] = (gone[0] ?? '').split(/(?=^delete element)/m).toReversed()
      expect(element).toMatch(one)
      expect(element.replace('delete', 'add')).toBe(came[0])
      expect(others.join('').match(/^flush chain inet selvedge (forward|allow)$/gm)).toHaveLength(2)
      expect((gone[0] ?? '').length).toBeLessThan(1_000)
    }),
    lawParameters(25),
  )
})
