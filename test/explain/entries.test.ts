import { expect, test } from 'vitest'
import { compareEntries } from '../../compiler/explain/compare-entries.ts'
import { entries } from '../../compiler/explain/entries.ts'
import { clusterOf } from './cluster-of.ts'
import { documents, policy, service, workload } from './manifests.ts'

const WEB = workload('shop/web', { ports: ['http:8080'] })
const CONTROLLER = workload('edge/controller', { labels: { 'app.kubernetes.io/name': 'ingress-nginx' } })
const SERVICE = service('shop/web', '{selector: {app: web}, ports: [{name: web, port: 80, targetPort: http}]}')
const ingress = (backend: string) =>
  `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {namespace: shop, name: web}, spec: {ingressClassName: nginx, rules: [{host: shop.example, http: {paths: [{path: /, backend: {service: ${backend}}}]}}]}}`
const TO_WEB = ingress('{name: web, port: {number: 80}}')
const ROUTE =
  '{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {namespace: shop, name: web}, spec: {parentRefs: [{name: gate, namespace: edge}], hostnames: [a.example], rules: [{matches: [{path: {value: /x}}], backendRefs: [{name: web, port: 80}]}]}}'
const closed = (rules: string) =>
  policy('shop/web', `{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [${rules}]}`)
const FROM_EDGE =
  '{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}}], ports: [{port: http}]}'

const entriesOf = (...texts: readonly string[]) => entries(clusterOf(documents(...texts)))
const way = {
  by: 'Ingress shop/web',
  asked: 'shop.example/',
  through: ['edge/controller'],
  to: 'shop/web',
  ports: 'TCP 8080',
}

test('an Ingress leads through its controller to the pods behind its Service, on their own port', () => {
  expect(entriesOf(WEB, CONTROLLER, SERVICE, TO_WEB)).toEqual([{ ...way, passes: true, why: '' }])
  expect(entriesOf(WEB, CONTROLLER, SERVICE, ingress('{name: web, port: {name: web}}'), closed(FROM_EDGE))).toEqual([
    { ...way, passes: true, why: '' },
  ])
})

test.each([
  ['a policy of the pods', [closed('')], 'ingress of shop/web is closed to it by shop/web'],
  [
    'a policy of the controller',
    [policy('edge/none', '{podSelector: {}, policyTypes: [Egress]}')],
    'egress of edge/controller is closed to it by edge/none',
  ],
])('%s closes it, and is named', (_, policies, why) => {
  expect(entriesOf(WEB, CONTROLLER, SERVICE, TO_WEB, ...policies)).toEqual([{ ...way, passes: false, why }])
})

test('what the input lacks is said: the Service, its port, the pods, the controller', () => {
  const whys = (...texts: readonly string[]) => entriesOf(...texts).map(({ passes, why }) => [passes, why])
  expect(whys(WEB, CONTROLLER, TO_WEB)).toEqual([[false, 'the input has no Service shop/web']])
  expect(whys(WEB, CONTROLLER, SERVICE, ingress('{name: web, port: {number: 81}}'))).toEqual([
    [false, 'Service shop/web has no port "81"'],
  ])
  expect(whys(CONTROLLER, SERVICE, TO_WEB)).toEqual([[false, 'no pod is behind Service shop/web']])
  expect(whys(WEB, SERVICE, TO_WEB)).toEqual([[true, '']])
  expect(whys(WEB, SERVICE, TO_WEB, closed(FROM_EDGE))).toEqual([
    [undefined, 'the input does not have the controller, and shop/web admits not everyone'],
  ])
})

test('an HTTPRoute leads through the pods of its Gateway, where they are known', () => {
  const gate = workload('edge/gate', { labels: { 'gateway.networking.k8s.io/gateway-name': 'gate' } })
  const route = { ...way, by: 'HTTPRoute shop/web', asked: 'a.example/x', passes: true, why: '' }
  expect(entriesOf(WEB, CONTROLLER, SERVICE, ROUTE)).toEqual([route])
  expect(entriesOf(WEB, CONTROLLER, gate, SERVICE, ROUTE)).toEqual([{ ...route, through: ['edge/gate'] }])
})

test('a comparison tells what gets there now and did not, and the other way round', () => {
  const cluster = (...policies: readonly string[]) =>
    clusterOf(documents(WEB, CONTROLLER, SERVICE, TO_WEB, ...policies))
  const [open, shut] = [cluster(closed(FROM_EDGE)), cluster(closed(''))]
  const news = [{ ...way, passes: true, why: '' }]
  expect(compareEntries(shut, open)).toEqual({ opens: news, closes: [] })
  expect(compareEntries(open, shut)).toEqual({ opens: [], closes: news })
  expect(compareEntries(open, open)).toEqual({ opens: [], closes: [] })
})
