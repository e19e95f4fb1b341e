import { expect, test } from 'vitest'
import { blockOverPods } from '../../compiler/lint/rules/block-over-pods.ts'
import { documents, pod, policy } from '../explain/manifests.ts'
import { told } from './told.ts'

test('a pod in a block', () => {
  expect(
    told(
      blockOverPods,
      documents(
        pod('shop/a', '10.244.1.2'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "10.244.1.0/24"}}]}]}'),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: ipBlock 10.244.1.0/24 holds addresses of pods: shop/a'])
})

test('and how many more', () => {
  expect(
    told(
      blockOverPods,
      documents(
        pod('shop/a', '10.244.1.2'),
        pod('ops/b', '10.244.1.3'),
        pod('ops/c', '10.244.1.4'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "10.0.0.0/8"}}]}]}'),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: ipBlock 10.0.0.0/8 holds addresses of pods: ops/b and 2 more'])
})

test('an excepted pod is not in it', () => {
  expect(
    told(
      blockOverPods,
      documents(
        pod('shop/a', '10.244.1.2'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "10.0.0.0/8", except: [10.244.0.0/16]}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('nor one of the other family', () => {
  expect(
    told(
      blockOverPods,
      documents(
        pod('shop/a', '10.244.1.2'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "::/0"}}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('nor one that has finished, or is on its node’s network', () => {
  expect(
    told(
      blockOverPods,
      documents(
        pod('shop/a', '10.244.1.2', { phase: 'Succeeded' }),
        pod('shop/b', '10.244.1.3', { spec: { hostNetwork: true } }),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "10.244.1.0/24"}}]}]}'),
      ),
    ),
  ).toEqual([])
})

test.each([
  ['0.0.0.0/0', 0],
  ['0.0.0.0/0, except: [192.168.0.0/16]', 1],
  ['10.0.0.0/8', 1],
])('whoever writes %s: %i findings', (block, count) => {
  const rule = `{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: ${block}}}], ports: [{port: 53}]}]}`
  expect(told(blockOverPods, documents(pod('shop/a', '10.244.1.2'), policy('shop/p', rule)))).toHaveLength(count)
})
