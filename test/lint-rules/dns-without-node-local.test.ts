import { expect, test } from 'vitest'
import { dnsWithoutNodeLocal } from '../../compiler/lint/rules/dns-without-node-local.ts'
import { documents, policy, workload } from '../explain/manifests.ts'
import { told } from './told.ts'

test('the policy that grants DNS is told, and no other', () => {
  expect(
    told(
      dnsWithoutNodeLocal,
      documents(
        workload('kube-system/cache', {
          kind: 'DaemonSet',
          labels: { 'k8s-app': 'node-local-dns' },
          hostNetwork: true,
        }),
        workload('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } }),
        workload('shop/web'),
        policy(
          'shop/dns',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{protocol: UDP, port: 53}]}]}',
        ),
        policy('shop/web', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}'),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/dns: DNS is allowed to pods of kube-dns, and NodeLocal DNSCache answers from 169.254.20.10',
  ])
})

test('without the cache there is nothing to say', () => {
  expect(
    told(
      dnsWithoutNodeLocal,
      documents(
        workload('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } }),
        workload('shop/web'),
        policy(
          'shop/dns',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{protocol: UDP, port: 53}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('nor where its address is granted, too', () => {
  expect(
    told(
      dnsWithoutNodeLocal,
      documents(
        workload('kube-system/cache', {
          kind: 'DaemonSet',
          labels: { 'k8s-app': 'node-local-dns' },
          hostNetwork: true,
        }),
        workload('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } }),
        workload('shop/web'),
        policy(
          'shop/dns',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{protocol: UDP, port: 53}]}]}',
        ),
        policy(
          'shop/cache',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 169.254.20.10/32}}], ports: [{protocol: UDP, port: 53}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('nor where DNS is not granted at all', () => {
  expect(
    told(
      dnsWithoutNodeLocal,
      documents(
        workload('kube-system/cache', {
          kind: 'DaemonSet',
          labels: { 'k8s-app': 'node-local-dns' },
          hostNetwork: true,
        }),
        workload('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } }),
        workload('shop/web'),
        policy('shop/web', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}'),
      ),
    ),
  ).toEqual([])
})
