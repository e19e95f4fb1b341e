import { describe, expect, test } from 'vitest'
import { askText } from './ask-case.ts'
import { documents, endpointSlice, pod, policy, service } from './manifests.ts'

const WEB = pod('shop/web', '10.244.1.8')
const egress = (peer: string, port: number) =>
  policy(
    'shop/web',
    `{podSelector: {}, policyTypes: [Egress], egress: [{to: [${peer}], ports: [{port: ${port}, protocol: UDP}, {port: ${port}}]}]}`,
  )
const toDns = egress(
  '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}',
  53,
)
const coreDns = (labels: Readonly<Record<string, string>>) =>
  pod('kube-system/coredns', '10.244.9.9', { labels, ports: ['dns:5353/UDP'] })

describe('dns', () => {
  const ask = (...parts: readonly string[]) => askText(documents(WEB, toDns, ...parts), 'web', 'dns', '53/UDP')

  test('is Service kube-system/kube-dns, at its target port', () => {
    const named = service(
      'kube-system/kube-dns',
      '{selector: {k8s-app: kube-dns}, ports: [{port: 53, targetPort: dns, protocol: UDP}]}',
    )
    const { exit, text } = ask(coreDns({ 'k8s-app': 'kube-dns' }), named)
    expect(exit).toBe(1)
    expect(text).toContain('denied: shop/web → kube-system/coredns UDP 5353')
  })

  test('is the pods with the label, where there is no Service', () => {
    expect(ask(coreDns({ 'k8s-app': 'kube-dns' })).text).toContain('allowed: shop/web → dns UDP 53')
  })

  test('is assumed where the input has neither, and it is said so', () => {
    const { exit, text } = ask()
    expect(exit).toBe(0)
    expect(text).toContain('note: the input holds no DNS pod; one in kube-system with k8s-app=kube-dns was assumed')
    const closed = policy('kube-system/all', '{podSelector: {}}')
    expect(ask(closed).exit).toBe(1)
  })

  test('is assumed with the labels that its Service selects', () => {
    const { exit, text } = ask(
      service('kube-system/kube-dns', '{selector: {app: coredns}, ports: [{port: 53, protocol: UDP}]}'),
    )
    expect(exit).toBe(1)
    expect(text).toContain('one in kube-system with app=coredns was assumed')
  })

  test('is nobody where the Service leads to who knows where', () => {
    expect(ask(service('kube-system/kube-dns', '{ports: [{port: 53, protocol: UDP}]}'))).toEqual({
      exit: 2,
      text: 'the input does not say where the DNS of the cluster is; add Service kube-system/kube-dns and its pods',
    })
  })

  test('is a pod of that name where there is one', () => {
    expect(ask(pod('shop/dns', '10.244.1.9')).text).toContain('denied: shop/web → shop/dns UDP 53')
  })
})

describe('apiserver', () => {
  const behind = (address: string, more = '') =>
    endpointSlice(
      'default/kubernetes',
      `endpoints: [{addresses: [${address}]${more}}], ports: [{name: https, port: 6443}]`,
    )
  const toApi = egress('{ipBlock: {cidr: 192.168.50.11/32}}', 6443)
  const ask = (...parts: readonly string[]) => askText(documents(WEB, toApi, ...parts), 'web', 'apiserver', '443')

  test('is what its EndpointSlice says, with or without its Service', () => {
    const kubernetes = service(
      'default/kubernetes',
      '{clusterIP: 10.96.0.1, ports: [{name: https, port: 443, targetPort: 6443}]}',
    )
    expect(ask(kubernetes, behind('192.168.50.11')).exit).toBe(0)
    expect(ask(behind('192.168.50.11')).exit).toBe(0)
    expect(ask(behind('192.168.50.12')).text).toContain('denied: shop/web → 192.168.50.12 TCP 6443')
  })

  test('is what its Endpoints say, where there is no slice', () => {
    const endpoints =
      '{apiVersion: v1, kind: Endpoints, metadata: {namespace: default, name: kubernetes}, subsets: [{addresses: [{ip: 192.168.50.11}], notReadyAddresses: [{ip: 192.168.50.13}], ports: [{name: https, port: 6443}]}]}'
    expect(ask(endpoints).exit).toBe(0)
    expect(ask(endpoints, behind('192.168.50.12')).text).toContain('192.168.50.12')
  })

  test('is not where nobody is ready', () => {
    expect(ask(behind('192.168.50.11', ', conditions: {ready: false}')).exit).toBe(2)
    expect(ask()).toMatchObject({
      exit: 2,
      text: expect.stringMatching(/^the input does not say where the API server is; add EndpointSlice/) as string,
    })
  })
})

test('what is written behind a Service may be a pod, which is judged as one', () => {
  const db = pod('data/db', '10.244.3.3')
  const slice = endpointSlice(
    'shop/db',
    'endpoints: [{addresses: [10.244.3.3]}, {addresses: [203.0.113.4]}], ports: [{port: 5432}]',
  )
  const closed = policy('data/db', '{podSelector: {}}')
  const parts = documents(WEB, db, slice, closed, service('shop/db', '{ports: [{port: 5432}]}'))
  const { exit, text } = askText(parts, 'web', 'svc/db', '5432')
  expect(exit).toBe(1)
  expect(text).toContain('denied: shop/web → data/db TCP 5432')
  expect(text).toContain('allowed: shop/web → 203.0.113.4 TCP 5432')
})
