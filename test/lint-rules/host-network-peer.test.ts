import { expect, test } from 'vitest'
import { hostNetworkPeer } from '../../compiler/lint/rules/host-network-peer.ts'
import { documents, policy, workload } from '../explain/manifests.ts'
import { told } from './told.ts'

test('a selector for host-network pods alone', () => {
  expect(
    told(
      hostNetworkPeer,
      documents(
        workload('shop/web'),
        workload('shop/agent', { kind: 'DaemonSet', hostNetwork: true }),
        policy(
          'shop/p',
          '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: agent}}}]}]}',
        ),
      ),
    ),
  ).toEqual([`NetworkPolicy shop/p: ingress[0]: shop/agent is on its node's network: the selector never matches it`])
})

test('other pods match as well', () => {
  expect(
    told(
      hostNetworkPeer,
      documents(
        workload('shop/web'),
        workload('shop/agent', { kind: 'DaemonSet', hostNetwork: true }),
        workload('shop/agent', { kind: 'Deployment' }),
        policy(
          'shop/p',
          '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: agent}}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('everybody is not the agent in particular', () => {
  expect(
    told(
      hostNetworkPeer,
      documents(
        workload('shop/web'),
        workload('shop/agent', { kind: 'DaemonSet', hostNetwork: true }),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('an agent of another namespace', () => {
  expect(
    told(
      hostNetworkPeer,
      documents(
        workload('shop/web'),
        workload('ops/agent', { kind: 'DaemonSet', hostNetwork: true }),
        policy(
          'shop/p',
          '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: agent}}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})
