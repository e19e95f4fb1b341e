import { describe, expect, test } from 'vitest'
import { answerQuestion } from '../../compiler/explain/answer-question.ts'
import { clusterOf } from './cluster-of.ts'
import { documents, namespace, policy, service, workload } from './manifests.ts'

// Small copies of the shapes that widely used repositories have, and the questions that their users ask first.

type Asked = string | { readonly labels: string; readonly namespace: string }

/** The verdict and its notes, or the problem and its hint. */
function ask(texts: readonly string[], from: Asked, to: Asked, port: string, own: string): readonly string[] {
  const end = (one: Asked) =>
    typeof one === 'string'
      ? one
      : { labels: one.labels.split(',').map((label) => label.split('=') as [string, string]), namespace: one.namespace }
  const answer = answerQuestion(clusterOf(documents(...texts)), { from: end(from), to: end(to), port, namespace: own })
  if (answer.kind === 'problem') return [`${answer.problem}; ${answer.hint}`]
  return [answer.allowed ? 'allowed' : 'denied', ...answer.notes]
}

const NAME = 'app.kubernetes.io/name'

describe('a monitoring stack, whose Prometheus an operator makes', () => {
  const peer = `{podSelector: {matchLabels: {${NAME}: prometheus}}}`
  const STACK = [
    workload('monitoring/metrics', { labels: { [NAME]: 'metrics' }, ports: ['https-main:8443'] }),
    workload('monitoring/node-exporter', { kind: 'DaemonSet', hostNetwork: true, ports: ['9100'] }),
    workload('monitoring/grafana', { labels: { [NAME]: 'grafana' }, ports: ['http:3000'] }),
    workload('monitoring/visualizer', { labels: { [NAME]: 'dashboards' } }),
    service('monitoring/prometheus-k8s', `{selector: {${NAME}: prometheus}, ports: [{name: web, port: 9090}]}`),
    policy(
      'monitoring/metrics',
      `{podSelector: {matchLabels: {${NAME}: metrics}}, policyTypes: [Ingress, Egress], egress: [{}], ingress: [{from: [${peer}], ports: [{port: 8443}]}]}`,
    ),
    policy(
      'monitoring/prometheus',
      `{podSelector: {matchLabels: {${NAME}: prometheus}}, policyTypes: [Ingress, Egress], egress: [{}], ingress: [{from: [{podSelector: {matchLabels: {${NAME}: grafana}}}], ports: [{port: 9090}]}]}`,
    ),
  ]
  const PROMETHEUS = { labels: `${NAME}=prometheus`, namespace: 'monitoring' }

  test.each([
    ['scrapes what lets it', PROMETHEUS, 'metrics', '8443', 'allowed'],
    ['scrapes it by the name of the port', PROMETHEUS, 'metrics', 'https-main', 'allowed'],
    ['scrapes no other port', PROMETHEUS, 'metrics', '8080', 'denied'],
    ['scrapes what is on the network of nodes', PROMETHEUS, 'node-exporter', '9100', 'allowed'],
    ['is read by its dashboards', 'grafana', PROMETHEUS, '9090', 'allowed'],
    ['is read by nobody else', 'metrics', PROMETHEUS, '9090', 'denied'],
    ['of another namespace is another', { ...PROMETHEUS, namespace: 'other' }, 'metrics', '8443', 'denied'],
    ['and its exporters look names up', 'metrics', 'dns', '53/UDP', 'allowed'],
  ] as const)('Prometheus %s', (_, from, to, port, verdict) => {
    expect(ask(STACK, from, to, port, 'monitoring')[0]).toBe(verdict)
  })

  test('who asks by the name that no pod has is told the labels', () => {
    expect(ask(STACK, 'prometheus', 'metrics', '8443', 'monitoring')).toEqual([
      `there is no pod or workload "monitoring/prometheus"; policies speak of pods with ${NAME}=prometheus, and the input has none: ask about such a pod by its labels (--from-labels, --to-labels)`,
    ])
    expect(ask(STACK, 'grafana', 'svc/prometheus-k8s', '9090', 'monitoring')).toEqual([
      `no pod is behind Service monitoring/prometheus-k8s; no pod has the labels of its selector and an address; of one that would: --to-labels ${NAME}=prometheus --to-namespace monitoring`,
    ])
    expect(ask(STACK, 'dashboards', 'metrics', '8443', 'monitoring')).toEqual([
      `there is no pod or workload "monitoring/dashboards"; did you mean monitoring/visualizer, which has ${NAME}=dashboards?`,
    ])
  })
})

describe('a shop behind an ingress controller', () => {
  const CONTROLLER = JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'ingress-nginx-controller', namespace: 'ingress-nginx' },
    spec: {
      template: {
        metadata: { labels: { [NAME]: 'ingress-nginx' } },
        spec: { containers: [{ name: 'controller', args: ['--controller-class=k8s.io/ingress-nginx'] }] },
      },
    },
  })
  const INGRESS = `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: shop}, spec: {ingressClassName: nginx, rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}}]}}`
  const from = (labels: string) => [
    namespace('ingress-nginx', `{${NAME}: ingress-nginx}`),
    CONTROLLER,
    INGRESS,
    service('shop/web', '{selector: {app: web}, ports: [{name: http, port: 80, targetPort: web}]}'),
    workload('shop/web', { ports: ['web:8080'] }),
    policy(
      'shop/web',
      `{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {matchLabels: ${labels}}}], ports: [{port: web}]}]}`,
    ),
  ]

  test.each([
    ['is let in by the label of its namespace', `{${NAME}: ingress-nginx}`, 'allowed'],
    ['is let in by the name of its namespace', '{kubernetes.io/metadata.name: ingress-nginx}', 'allowed'],
    ['is shut out by a label that the namespace does not have', '{name: ingress-nginx}', 'denied'],
  ])('the controller %s', (_, labels, verdict) => {
    expect(ask(from(labels), 'ingress/web', 'svc/web', '80', 'shop')).toEqual([
      verdict,
      'the connections of Ingress shop/web come from its controller: ingress-nginx/ingress-nginx-controller',
      'port 80 of Service shop/web leads to port 8080 of its pods',
    ])
  })

  test('words of other commands have a hint', () => {
    const shop = from('{a: b}')
    expect(ask(shop, 'outside', 'web', '8080', 'shop')).toEqual([
      'there is no pod or workload "shop/outside"; for a connection from or to the outside give an address, such as 203.0.113.7',
    ])
    expect(ask(shop, 'web', 'kube-dns.kube-system', '53/UDP', 'shop')).toEqual([
      '"kube-dns.kube-system" was taken for the DNS name of Service "kube-system/kube-dns", which the input does not have; say dns: one is assumed where the input holds none',
    ])
  })
})

test('metrics for every namespace are for every pod, and for no address', () => {
  const server = '{podSelector: {matchLabels: {app: server}}}'
  const input = [
    workload('delivery/repo', { ports: ['8081', '8084'] }),
    workload('delivery/server'),
    policy(
      'delivery/repo',
      `{podSelector: {matchLabels: {app: repo}}, ingress: [{from: [${server}], ports: [{port: 8081}]}, {from: [{namespaceSelector: {}}], ports: [{port: 8084}]}]}`,
    ),
  ]
  const scraper = { labels: 'app=scraper', namespace: 'elsewhere' }
  const verdict = (from: Asked, port: string) => ask(input, from, 'repo', port, 'delivery')[0]
  expect(verdict(scraper, '8084')).toBe('allowed')
  expect(verdict(scraper, '8081')).toBe('denied')
  expect(verdict('server', '8081')).toBe('allowed')
  expect(verdict('203.0.113.7', '8084')).toBe('denied')
})
