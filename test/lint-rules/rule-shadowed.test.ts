import { expect, test } from 'vitest'
import { ruleShadowed } from '../../compiler/lint/rules/rule-shadowed.ts'
import { documents, policy } from '../explain/manifests.ts'
import { told } from './told.ts'

test('by a wider rule, before or after it', () => {
  expect(
    told(
      ruleShadowed,
      documents(
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}, {from: [{podSelector: {}}], ports: [{port: 80}]}]}',
        ),
        policy(
          'shop/q',
          '{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{ports: [{port: 80}]}, {}]}',
        ),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/p: ingress[1]: grants nothing that ingress[0] does not grant',
    'NetworkPolicy shop/q: egress[0]: grants nothing that egress[1] does not grant',
  ])
})

test('of two that say the same, one is told', () => {
  expect(
    told(
      ruleShadowed,
      documents(
        policy('shop/p', '{podSelector: {}, ingress: [{ports: [{port: 80}]}, {ports: [{port: 80, protocol: TCP}]}]}'),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[1]: grants nothing that ingress[0] does not grant'])
})

test('the same for all pods, written after it', () => {
  expect(
    told(
      ruleShadowed,
      documents(
        policy('shop/p', '{podSelector: {matchLabels: {app: a}}, ingress: [{ports: [{port: 80}]}]}'),
        policy('shop/q', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}'),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: grants nothing that shop/q ingress[0] does not grant'])
})

test('not by one for fewer pods, another namespace, or the other direction', () => {
  expect(
    told(
      ruleShadowed,
      documents(
        policy('shop/p', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}'),
        policy('shop/q', '{podSelector: {matchLabels: {app: a}}, ingress: [{}]}'),
        policy('ops/r', '{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}'),
        policy('shop/s', '{podSelector: {}, policyTypes: [Egress], egress: [{}]}'),
      ),
    ),
  ).toEqual([])
})

test('ports and peers that only overlap', () => {
  expect(
    told(
      ruleShadowed,
      documents(
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}, {ports: [{port: 81}]}, {from: [{podSelector: {matchLabels: {app: a}}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('a name is not its number', () => {
  expect(
    told(
      ruleShadowed,
      documents(policy('shop/p', '{podSelector: {}, ingress: [{ports: [{port: http}]}, {ports: [{port: 80}]}]}')),
    ),
  ).toEqual([])
})
