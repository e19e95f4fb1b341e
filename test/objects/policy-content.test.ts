import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equalMeaning } from '../../compiler/objects/equal-meaning.ts'
import type { Policy } from '../../compiler/objects/objects.ts'
import { policyContent } from '../../compiler/objects/policy-content.ts'
import { policySpec } from '../arbitraries/policies.ts'
import { decodeRaw } from '../laws/decode-cluster.ts'
import { policy } from '../oracle/make-objects.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { policyOf } from './read-text.ts'

const content = (spec: string): string => {
  const read = policyOf(spec)
  if (read === undefined) throw new Error(`no policy: ${spec}`)
  return policyContent(read)
}

const SPEC =
  '{podSelector: {matchLabels: {a: b, c: d}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80}]}]}'

test('neither places nor the order of labels are of it', () => {
  expect(content(`\n\n  ${SPEC.replace('a: b, c: d', 'c: d, a: b')}`)).toBe(content(SPEC))
})

test.each([
  ['selector', ['a: b, c: d', 'a: b']],
  ['block', ['10.0.0.0/8', '10.0.0.0/9']],
  ['except', ['10.1.0.0/16', '10.2.0.0/16']],
  ['port', ['port: 80', 'port: 81']],
  ['port of another kind', ['port: 80', 'port: http']],
  ['protocol', ['port: 80', 'port: 80, protocol: UDP']],
  ['direction', ['ingress: [{from', 'egress: [{to']],
  ['direction more', ['{podSelector', '{egress: [{}], podSelector']],
  ['rule that cannot be compiled', ['port: 80', 'port: 70000']],
])('another %s is another content', (_, [from = '', to = '']) => {
  expect(SPEC).toContain(from)
  expect(content(SPEC.replace(from, to))).not.toBe(content(SPEC))
})

test('it is equal where the meaning is, and nowhere else', () => {
  const made = (spec: NonNullable<Parameters<typeof policy>[1]>) => decodeRaw(policy('shop/a', spec)) as Policy
  const met = { equal: 0, others: 0 }
  const pairs = policySpec.chain((one) =>
    policySpec.chain((other) =>
      fc.tuple(fc.constant(one), fc.constantFrom(one, other, { ...one, ingress: other.ingress ?? null })),
    ),
  )
  fc.assert(
    fc.property(pairs, (specs) => {
      const [left, right] = specs.map(made) as [Policy, Policy]
      const isEqual = equalMeaning(left, right)
      expect(policyContent(left) === policyContent(right)).toBe(isEqual)
      met[isEqual ? 'equal' : 'others'] += 1
    }),
    lawParameters(300),
  )
  expect(Math.min(met.equal, met.others)).toBeGreaterThan(0)
})
