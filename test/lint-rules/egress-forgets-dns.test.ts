import { expect, test } from 'vitest'
import { egressForgetsDns } from '../../compiler/lint/rules/egress-forgets-dns.ts'
import { documents, policy, service, workload } from '../explain/manifests.ts'
import { told, toldBy } from './told.ts'

test('egress to another pod alone', () => {
  expect(
    told(
      egressForgetsDns,
      documents(
        workload('shop/web'),
        workload('shop/api'),
        policy('shop/p', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}'),
      ),
    ),
  ).toEqual([
    `NetworkPolicy shop/p: shop/api, shop/web cannot resolve names: egress to the cluster's DNS is not allowed`,
  ])
})

test('TCP 53 alone', () => {
  expect(
    told(
      egressForgetsDns,
      documents(
        workload('shop/web'),
        workload('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } }),
        policy('shop/p', '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53}]}]}'),
      ),
    ),
  ).toEqual([`NetworkPolicy shop/p: shop/web cannot resolve names: egress to the cluster's DNS is not allowed`])
})

test('UDP 53 to everyone', () => {
  expect(
    told(
      egressForgetsDns,
      documents(
        workload('shop/web'),
        policy('shop/p', '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{protocol: UDP, port: 53}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('a rule for the usual DNS pods, which are in no file', () => {
  expect(
    told(
      egressForgetsDns,
      documents(
        workload('shop/web'),
        policy(
          'shop/p',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{protocol: UDP, port: 53}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('a rule for DNS pods of other labels, which are in no file', () => {
  expect(
    told(
      egressForgetsDns,
      documents(
        workload('shop/web'),
        policy(
          'shop/p',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {name: kube-system}}}], ports: [{protocol: UDP, port: 53}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('the same rule where the DNS pods are there, and it misses them', () => {
  expect(
    told(
      egressForgetsDns,
      documents(
        workload('shop/web'),
        workload('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } }),
        policy(
          'shop/p',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {name: kube-system}}}], ports: [{protocol: UDP, port: 53}]}]}',
        ),
      ),
    ),
  ).toEqual([`NetworkPolicy shop/p: shop/web cannot resolve names: egress to the cluster's DNS is not allowed`])
})

test('another policy grants it', () => {
  expect(
    told(
      egressForgetsDns,
      documents(
        workload('shop/web'),
        policy('shop/p', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}'),
        policy('shop/dns', '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{protocol: UDP, port: 53}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('who may reach nobody was meant to be closed', () => {
  expect(
    told(
      egressForgetsDns,
      documents(workload('shop/web'), policy('shop/p', '{podSelector: {}, policyTypes: [Egress], egress: []}')),
    ),
  ).toEqual([])
})

test('the DNS pod itself', () => {
  expect(
    told(
      egressForgetsDns,
      documents(
        workload('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } }),
        policy(
          'kube-system/p',
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 192.0.2.53/32}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('a cache on the node is asked there', () => {
  expect(
    told(
      egressForgetsDns,
      documents(
        workload('kube-system/cache', {
          kind: 'DaemonSet',
          labels: { 'k8s-app': 'node-local-dns' },
          hostNetwork: true,
        }),
        workload('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } }),
        workload('shop/web'),
        policy('shop/p', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('egress that is open, and ingress', () => {
  expect(
    told(
      egressForgetsDns,
      documents(workload('shop/web'), policy('shop/p', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}')),
    ),
  ).toEqual([])
})

const COREDNS = workload('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } })
const internet = (excepts: string, more = '') =>
  policy(
    'shop/p',
    `{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [${excepts}]}}]}${more}]}`,
  )

test('the internet without the cluster, though 169.254.20.10 is in it', () => {
  expect(told(egressForgetsDns, documents(workload('shop/web'), COREDNS, internet('10.0.0.0/8')))).toEqual([
    `NetworkPolicy shop/p: shop/web cannot resolve names: egress to the cluster's DNS is not allowed, its pods are in 10.0.0.0/8, excepted from 0.0.0.0/0`,
  ])
  expect(told(egressForgetsDns, documents(workload('shop/web'), COREDNS, internet('192.168.0.0/16')))).toEqual([])
})

test('who writes the address of the cache has one', () => {
  const cache = ', {to: [{ipBlock: {cidr: 169.254.20.10/32}}], ports: [{protocol: UDP, port: 53}]}'
  // Beside the rest, not swallowed by it.
  const input = documents(workload('shop/web'), COREDNS, internet('10.0.0.0/8, 169.254.0.0/16', cache))
  expect(told(egressForgetsDns, input)).toEqual([])
})

test('DNS pods that listen on another port than 53 are asked there', () => {
  const dns = service(
    'kube-system/kube-dns',
    '{selector: {k8s-app: kube-dns}, ports: [{port: 53, protocol: UDP, targetPort: 5353}]}',
  )
  const egress = (port: number) =>
    documents(
      workload('shop/web'),
      COREDNS,
      dns,
      policy('shop/p', `{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{protocol: UDP, port: ${port}}]}]}`),
    )
  expect(told(egressForgetsDns, egress(5353))).toEqual([])
  expect(toldBy(egressForgetsDns, egress(53))[0]).toMatch(/on UDP and TCP 5353$/)
})

const ipBlocks = (...cidrs: readonly string[]) => cidrs.map((cidr) => `{ipBlock: {cidr: ${cidr}}}`).join(', ')
const dnsOf = (port: string, protocol = 'UDP') =>
  `, {to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: openshift-dns}}}], ports: [{protocol: ${protocol}, port: ${port}}]}`

test.each([
  ['the API server, wherever it is', '{ports: [{port: 6443}]}', 0],
  ['the API server in a block', `{to: [${ipBlocks('10.0.0.0/24')}], ports: [{port: 6443}]}`, 0],
  ['single addresses', `{to: [${ipBlocks('192.0.2.7/32', '192.0.2.8/32', '2001:db8::1/128')}]}`, 0],
  ['port 6443 of pods', '{to: [{podSelector: {}}], ports: [{port: 6443}]}', 1],
  ['a block', `{to: [${ipBlocks('192.0.2.0/28')}]}`, 1],
  ['port 443 of anybody', '{ports: [{port: 443}]}', 1],
  ['the API server and a block', `{ports: [{port: 6443}]}, {to: [${ipBlocks('192.0.2.0/24')}]}`, 1],
])('names are not needed to reach %s', (_, rules, count) => {
  const input = documents(
    workload('shop/web'),
    policy('shop/p', `{podSelector: {}, policyTypes: [Egress], egress: [${rules}]}`),
  )
  expect(told(egressForgetsDns, input)).toHaveLength(count)
})

test.each([
  [dnsOf('5353'), 0],
  [dnsOf('8053'), 0],
  [dnsOf('dns'), 0],
  [dnsOf('5354'), 1],
  [dnsOf('dns-tcp', 'TCP'), 1],
])('DNS pods in no file may listen on another port: %s', (rule, count) => {
  const input = documents(workload('shop/web'), internet('10.0.0.0/8', rule))
  expect(told(egressForgetsDns, input)).toHaveLength(count)
})
