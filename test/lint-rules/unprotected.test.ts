import { expect, test } from 'vitest'
import { unprotected } from '../../compiler/lint/rules/unprotected.ts'
import { documents, namespace, pod, policy, workload } from '../explain/manifests.ts'
import { told } from './told.ts'

test('a namespace without policies is one remark', () => {
  expect(told(unprotected, documents(namespace('shop'), workload('shop/web'), workload('shop/api')))).toEqual([
    'Namespace shop: has no NetworkPolicy: everybody reaches its pods, and they reach everybody',
  ])
})

test('beside policies, each workload that none selects', () => {
  const web = ['1', '2'].map((number) => pod(`shop/web-${number}`, `10.244.1.${number}`, { owner: 'Deployment/web' }))
  const forApi = policy('shop/api', '{podSelector: {matchLabels: {app: api}}}')
  expect(told(unprotected, documents(...web, workload('shop/api'), workload('shop/db'), forApi))).toEqual([
    'Pod shop/web-1: is selected by no NetworkPolicy: everybody reaches it, and it reaches everybody',
    'Deployment shop/db: is selected by no NetworkPolicy: everybody reaches it, and it reaches everybody',
  ])
})

test.each([
  ['selected pods', [workload('shop/web'), policy('shop/p', '{podSelector: {}, policyTypes: [Egress]}')]],
  ['pods on the network of their node', [workload('shop/agent', { hostNetwork: true })]],
  ['what belongs to Kubernetes', [workload('kube-system/coredns')]],
  ['pods that are done', [pod('shop/job', '10.244.1.2', { phase: 'Succeeded' })]],
  [
    'an input with policies of another engine',
    [workload('shop/web'), 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: x, namespace: shop}'],
  ],
])('%s are left out', (_, parts) => {
  expect(told(unprotected, documents(...parts))).toEqual([])
})
