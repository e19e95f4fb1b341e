import { expect, test } from 'vitest'
import { portNameUnknown } from '../../compiler/lint/rules/port-name-unknown.ts'
import { documents, policy, workload } from '../explain/manifests.ts'
import { told } from './told.ts'

test('no selected pod has the name', () => {
  expect(
    told(
      portNameUnknown,
      documents(
        workload('shop/web', { ports: ['http:8080'] }),
        policy('shop/p', '{podSelector: {}, ingress: [{ports: [{port: http}, {port: htpp}]}]}'),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/p: ingress[0]: ports[1]: none of the pods that the policy selects has a TCP port named htpp',
  ])
})

test('another protocol has it', () => {
  expect(
    told(
      portNameUnknown,
      documents(
        workload('shop/web', { ports: ['http:8080'] }),
        policy('shop/p', '{podSelector: {}, ingress: [{ports: [{port: http, protocol: UDP}]}]}'),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/p: ingress[0]: ports[0]: none of the pods that the policy selects has a UDP port named http',
  ])
})

test('one of them has it', () => {
  expect(
    told(
      portNameUnknown,
      documents(
        workload('shop/web', { ports: ['http:8080'] }),
        workload('shop/api'),
        policy('shop/p', '{podSelector: {}, ingress: [{ports: [{port: http}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('egress, to pods that do not have it', () => {
  expect(
    told(
      portNameUnknown,
      documents(
        workload('shop/web', { ports: ['http:8080'] }),
        policy(
          'shop/p',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: [{port: dns}]}]}',
        ),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/p: egress[0]: ports[0]: none of the pods that the rule names has a TCP port named dns',
  ])
})

test('egress to everyone, and to pods that are in no file', () => {
  expect(
    told(
      portNameUnknown,
      documents(
        workload('shop/web', { ports: ['http:8080'] }),
        policy('shop/p', '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: dns}]}]}'),
        policy(
          'shop/q',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: dns}]}]}',
        ),
        policy(
          'shop/r',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}], ports: [{port: dns}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('of a live cluster everyone is here', () => {
  expect(
    told(
      portNameUnknown,
      documents(
        workload('shop/web', { ports: ['http:8080'] }),
        policy('shop/p', '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: dns}]}]}'),
      ),
      true,
    ),
  ).toEqual([
    'NetworkPolicy shop/p: egress[0]: ports[0]: none of the pods that the rule names has a TCP port named dns',
  ])
})

test('numbers, and no pod at all', () => {
  expect(
    told(
      portNameUnknown,
      documents(policy('shop/p', '{podSelector: {}, ingress: [{ports: [{port: 80}, {port: http}]}]}')),
    ),
  ).toEqual([])
})
