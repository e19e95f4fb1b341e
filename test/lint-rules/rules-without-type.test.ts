import { expect, test } from 'vitest'
import { rulesWithoutType } from '../../compiler/lint/rules/rules-without-type.ts'
import { documents, policy } from '../explain/manifests.ts'
import { told } from './told.ts'

test('egress rules without Egress', () => {
  expect(
    told(rulesWithoutType, documents(policy('shop/p', '{podSelector: {}, policyTypes: [Ingress], egress: [{}]}'))),
  ).toEqual(['NetworkPolicy shop/p: policyTypes does not hold Egress: the egress rules are ignored'])
})

test('ingress rules without Ingress', () => {
  expect(
    told(rulesWithoutType, documents(policy('shop/p', '{podSelector: {}, policyTypes: [Egress], ingress: [{}]}'))),
  ).toEqual(['NetworkPolicy shop/p: policyTypes does not hold Ingress: the ingress rules are ignored'])
})

test('types left out, both there, and lists without rules', () => {
  expect(
    told(
      rulesWithoutType,
      documents(
        policy('shop/p', '{podSelector: {}, egress: [{}]}'),
        policy('shop/q', '{podSelector: {}, policyTypes: [], egress: [{}]}'),
        policy('shop/r', '{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}'),
        policy('shop/s', '{podSelector: {}, policyTypes: [Egress], ingress: []}'),
      ),
    ),
  ).toEqual([])
})
