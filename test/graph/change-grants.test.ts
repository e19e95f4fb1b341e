import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildParts, listOf, type NamespacedRule } from '../../compiler/graph/build-grants.ts'
import { changeGrants } from '../../compiler/graph/change-grants.ts'
import { createGrants } from '../../compiler/graph/grants.ts'
import { numRuns } from '../support/runs.ts'
import { grantTexts, rule } from './make-rules.ts'

const PEERS = ['app=a', 'app=b', 'app=a, app=b', '* app=a', '10.0.0.0/28', 'anyone', 'app=a, 10.0.0.0/24']
const PORTS = [
  'TCP 80',
  'TCP 81',
  'TCP 80-81',
  'TCP 79-90',
  'TCP 82-85, UDP 80',
  'TCP http',
  'TCP 90',
  'TCP 91-92',
  'any',
  'any',
  'TCP',
  'UDP, TCP 80',
]

const own = [{ name: 'http', protocol: 'TCP' as const, number: 83 }]

function rules(ports: readonly string[], most: number): fc.Arbitrary<readonly NamespacedRule[]> {
  return fc.array(
    fc.tuple(fc.constantFrom(...PEERS), fc.constantFrom(...ports)).map(([peers, some]) => rule(peers, some)),
    { maxLength: most },
  )
}

const seen = { changed: 0, anew: 0 }

test('some rules less and others more give the normal form of all rules, however often', () => {
  const steps = fc.array(fc.tuple(rules(PORTS, 2), fc.array(fc.nat(), { maxLength: 2 })), {
    minLength: 1,
    maxLength: 4,
  })
  const wide = rules(['any', 'TCP', 'UDP'], 1)
  fc.assert(
    fc.property(
      wide,
      rules(PORTS, 8),
      steps,
      fc.constantFrom('ingress', 'egress'),
      (wider, first, changes, direction) => {
        let standing = [...wider, ...first]
        let parts = buildParts(standing, direction, own)
        for (const [added, picked] of changes) {
          const removed = [...new Set(picked.flatMap((at) => standing[at % standing.length] ?? []))]
          standing = [...standing.filter((one) => !removed.includes(one)), ...added]
          const whole = buildParts(standing, direction, own)
          const changed = parts && changeGrants(parts, { removed, added, direction, ownPorts: own })
          seen[changed === undefined ? 'anew' : 'changed'] += 1
          parts = changed ?? whole
          if (parts === undefined || whole === undefined) throw new Error('so few rules are too complex')
          expect(grantTexts(createGrants(listOf(parts)))).toEqual(grantTexts(createGrants(listOf(whole))))
          // Who compares budgets must never believe that there is room where all the rules find none.
          expect(parts.spent.terms).toBeGreaterThanOrEqual(whole.spent.terms)
          expect(parts.spent.steps).toBeGreaterThanOrEqual(whole.spent.steps)
        }
      },
    ),
    { numRuns: numRuns(1000) },
  )
  expect(seen.changed).toBeGreaterThan(seen.anew)
  expect(seen.anew).toBeGreaterThan(0)
})

test('nested ranges that come one by one become too complex when all of them at once are', () => {
  const nested = Array.from({ length: 800 }, (_, at) => rule(`app=${at}`, `TCP ${at + 1}-${65_000 - at}`))
  let parts = buildParts(nested.slice(0, 300), 'ingress', [])
  for (let at = 300; at < nested.length && parts !== undefined; at += 25) {
    const standing = nested.slice(0, at + 25)
    parts =
      changeGrants(parts, { removed: [], added: nested.slice(at, at + 25), direction: 'ingress', ownPorts: [] }) ??
      buildParts(standing, 'ingress', [])
    expect(parts === undefined).toBe(buildParts(standing, 'ingress', []) === undefined)
  }
  expect(parts).toBeUndefined()
})
