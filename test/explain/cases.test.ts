import { expect, test } from 'vitest'
import { askCase } from './ask-case.ts'

// Each after a public report, with its address in front; in `cases/` the input.
test.each([
  [
    'projectcalico/calico#8049',
    'service-port-in-egress',
    'shopfront svc/store 80 quiz',
    1,
    'port 80 of Service quiz/store leads to port 8080',
  ],
  [
    'cilium/cilium#33525',
    'api-server-by-service-address',
    'watcher kubernetes.default 443 ops',
    1,
    'ipBlock 10.96.0.1/32 of ops/watcher-to-api egress[0] holds the address of Service default/kubernetes and grants nothing by it',
  ],
  [
    'cilium/cilium#33525',
    'api-server-by-service-address',
    'watcher apiserver 443 ops',
    1,
    'ops/watcher → 192.168.50.12 TCP 6443',
  ],
  [
    'cilium/cilium#33525',
    'api-server-by-service-address',
    'watcher 192.168.50.11 6443 ops',
    1,
    '192.168.50.11 is not in 10.96.0.1/32',
  ],
  [
    'cilium/cilium#33525',
    'api-server-by-endpoints',
    'watcher kubernetes.default 443 ops',
    0,
    'granted by ops/watcher-to-api',
  ],
  [
    'kubeflow/community-distribution#3486',
    'label-of-the-deployment',
    'elsewhere/stranger models/catalog 80 models',
    0,
    'ingress of models/catalog: open',
  ],
  [
    'kubernetes/kubernetes#55406',
    'internet-only',
    'untrusted/guest kube-dns.kube-system 53/UDP shop',
    1,
    'excepted from 0.0.0.0/0',
  ],
  ['kubernetes/kubernetes#55406', 'internet-only', 'untrusted/guest dns 53/UDP shop', 1, 'excepted from 0.0.0.0/0'],
  [
    'kubernetes/kubernetes#55406',
    'internet-only',
    'untrusted/guest 198.51.100.10 443 shop',
    0,
    'granted by untrusted/internet-only',
  ],
  [
    'Azure/azure-container-networking#4867',
    'slash-zero',
    '203.0.113.5 safe/vaultlet 443 safe',
    0,
    'granted by safe/office-only',
  ],
  ['aws/containers-roadmap#2440', 'one-family', 'sand/box fd00:ec2::254 80 sand', 1, 'IPv4 addresses only'],
  [
    'aws/containers-roadmap#2440',
    'one-family',
    'sand/box 198.51.100.9 443 sand',
    0,
    'granted by sand/box-out egress[0]',
  ],
  [
    'projectcalico/calico#5126',
    'node-port',
    '198.51.100.9 192.168.50.21 30644 shop',
    1,
    'denied: 198.51.100.9 → shop/queue TCP 5672',
  ],
  [
    'projectcalico/calico#5126',
    'node-port',
    '192.0.2.9 192.168.50.21 30644 shop',
    0,
    'allowed: 192.0.2.9 → shop/queue TCP 5672',
  ],
  ['projectcalico/felix#2836', 'node-port', '198.51.100.9 svc/queue 80 shop', 1, 'shop/queue TCP 5672'],
  [
    'ahmetb/kubernetes-network-policy-recipes#44',
    'own-node',
    '192.168.50.21 shop/web 8080 shop',
    0,
    'shop/web runs on node n1',
  ],
  [
    'ahmetb/kubernetes-network-policy-recipes#44',
    'own-node',
    'ops/agent-1 shop/web 8080 shop',
    0,
    'shop/web runs on node n1',
  ],
  [
    'ahmetb/kubernetes-network-policy-recipes#44',
    'own-node',
    'shop/web 192.168.50.21 10250 shop',
    0,
    'shop/web runs on node n1',
  ],
  [
    'ahmetb/kubernetes-network-policy-recipes#44',
    'own-node',
    'shop/web ops/agent-1 10250 shop',
    0,
    'shop/web runs on node n1',
  ],
  [
    'ahmetb/kubernetes-network-policy-recipes#44',
    'own-node',
    '192.168.50.22 shop/web 8080 shop',
    1,
    'isolated by shop/closed',
  ],
] as const)('%s: %s, %s exits %i', (_, name, question, exit, part) => {
  const [from = '', to = '', port = '', namespace] = question.split(' ')
  const answer = askCase(name, from, to, port, namespace)
  expect(answer).toMatchObject({ exit })
  expect(answer.text).toContain(part)
})

test('prometheus-operator/kube-prometheus: a suggestion selects by what the workload itself selects by', () => {
  const { exit, text } = askCase('version-labels', 'web', 'db', '5432')
  expect(exit).toBe(1)
  expect(text).toContain('app.kubernetes.io/name: db')
  expect(text).not.toMatch(/app.kubernetes.io\/version|helm.sh\/chart/)
})
