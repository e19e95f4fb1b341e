import { expect, test } from 'vitest'
import { selectsNoPod } from '../../compiler/lint/rules/selects-no-pod.ts'
import { documents, pod, policy, workload } from '../explain/manifests.ts'
import { told } from './told.ts'

test('a misspelt label', () => {
  expect(
    told(selectsNoPod, documents(workload('shop/web'), policy('shop/p', '{podSelector: {matchLabels: {app: wep}}}'))),
  ).toEqual(['NetworkPolicy shop/p: namespace shop has no pod with app=wep: the policy does nothing'])
})

test('the wrong namespace', () => {
  expect(told(selectsNoPod, documents(workload('ops/web'), policy('shop/p', '{podSelector: {}}')))).toEqual([
    'NetworkPolicy shop/p: namespace shop has no pod: the policy does nothing',
  ])
})

test('host-network pods are not governed', () => {
  expect(
    told(
      selectsNoPod,
      documents(
        workload('shop/agent', { hostNetwork: true }),
        policy('shop/p', '{podSelector: {matchLabels: {app: agent}}}'),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: namespace shop has no pod with app=agent: the policy does nothing'])
})

test('a pod, also one without an address', () => {
  expect(
    told(selectsNoPod, documents(pod('shop/web', ''), policy('shop/p', '{podSelector: {matchLabels: {app: web}}}'))),
  ).toEqual([])
})

test('a Job that is done comes again', () => {
  expect(
    told(
      selectsNoPod,
      documents(
        pod('shop/job', '10.244.1.2', { phase: 'Succeeded' }),
        policy('shop/p', '{podSelector: {matchLabels: {app: job}}}'),
      ),
    ),
  ).toEqual([])
})

test('policies alone say nothing about pods', () => {
  expect(told(selectsNoPod, documents(policy('shop/p', '{podSelector: {matchLabels: {app: web}}}')))).toEqual([])
})
