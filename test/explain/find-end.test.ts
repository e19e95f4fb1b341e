import { describe, expect, test } from 'vitest'
import { findEnd } from '../../compiler/cluster/find-end.ts'
import { askText } from './ask-case.ts'
import { clusterOf } from './cluster-of.ts'
import { documents, pod, policy, service, workload } from './manifests.ts'

const CLUSTER = clusterOf(
  documents(
    pod('shop/web-1', '10.244.1.2', { owner: 'Deployment/web' }),
    pod('shop/web-2', '10.244.1.3', { owner: 'Deployment/web' }),
    pod('shop/web-0', '10.244.1.4', { owner: 'StatefulSet/web' }),
    pod('shop/single', '10.244.1.5'),
    pod('shop/done', '10.244.1.6', { phase: 'Succeeded' }),
    pod('ops/api', '10.244.1.7'),
    pod('web/api', '10.244.1.8'),
    pod('jobs/api', '10.244.1.9', { owner: 'Deployment/api' }),
    pod('services/api', '10.244.1.10'),
    pod('ops/proxy-a', '192.168.10.1', { owner: 'DaemonSet/proxy', spec: { hostNetwork: true, nodeName: 'node-1' } }),
    pod('ops/proxy-b', '192.168.10.2', { owner: 'DaemonSet/proxy', spec: { hostNetwork: true, nodeName: 'node-2' } }),
    workload('ops/agent', { kind: 'DaemonSet', hostNetwork: true }),
    service('shop/db', '{clusterIP: 10.96.0.9, selector: {app: db}, ports: [{port: 5432}]}'),
  ),
)

/** What a word means, short: `pods NAME: pod pod`, `service NAME`, `address ADDRESS`, or `problem; hint`. */
function meaning(word: string, namespace = 'shop'): string {
  const found = findEnd(CLUSTER, word, namespace)
  switch (found.kind) {
    case 'pods':
      return `pods ${found.name}: ${found.pods.map((one) => one.pod.name).join(' ')}`
    case 'service':
      return `service ${found.name} by ${found.dnsName ?? 'its address'}`
    case 'ingress':
      return `ingress ${found.name}`
    case 'address':
      return `address ${found.name}`
    case 'hosts':
      return `hosts ${found.name}: ${found.pods.map((one) => one.pod.name).join(' ')}`
    case 'nothing':
      return `${found.problem}; ${found.hint}`
  }
}

describe('a word means', () => {
  test.each([
    ['shop/single', 'pods shop/single: single'],
    ['single', 'pods shop/single: single'],
    ['pod/single', 'pods shop/single: single'],
    ['shop/deployment/web', 'pods shop/web: web-1 web-2'],
    ['deploy/web', 'pods shop/web: web-1 web-2'],
    ['deployments/web', 'pods shop/web: web-1 web-2'],
    ['Deployments.apps/web', 'pods shop/web: web-1 web-2'],
    ['services/db', 'service shop/db by db.shop'],
    ['pods/shop/single', 'pods shop/single: single'],
    ['jobs/api', 'pods jobs/api: api'],
    ['services/api', 'pods services/api: api'],
    ['deploy/jobs/api', 'pods jobs/api: api'],
    ['shop/sts/web', 'pods shop/web: web-0'],
    ['shop/web-1', 'pods shop/web-1: web-1'],
    ['10.244.1.3', 'pods shop/web-2: web-2'],
    ['::ffff:10.244.1.3', 'pods shop/web-2: web-2'],
    ['web/api', 'pods web/api: api'],
    ['svc/db', 'service shop/db by db.shop'],
    ['shop/svc/db', 'service shop/db by db.shop'],
    ['db', 'service shop/db by db'],
    ['db.shop', 'service shop/db by db.shop'],
    ['db.shop.svc', 'service shop/db by db.shop.svc'],
    ['db.shop.svc.cluster.local.', 'service shop/db by db.shop.svc.cluster.local.'],
    ['10.96.0.9', 'service shop/db by its address'],
    ['203.0.113.7', 'address 203.0.113.7'],
    ['10.244.1.6', 'address 10.244.1.6'],
    ['ops/proxy', 'hosts ops/proxy: proxy-a proxy-b'],
    ['ops/agent', 'hosts ops/agent: agent'],
    ['svc/db.shop', 'service shop/db by db.shop'],
    ['svc/shop/db', 'service shop/db by db.shop'],
    ['sts/shop/web', 'pods shop/web: web-0'],
    ['ops/proxy-a', 'hosts ops/proxy-a: proxy-a'],
  ])('%s: %s', (word, wanted) => {
    expect(meaning(word)).toBe(wanted)
  })
})

describe('what cannot be told has a reason and a hint', () => {
  test.each([
    [
      'shop/web',
      '"shop/web" is more than one thing: Deployment, StatefulSet; say shop/deployment/web or shop/statefulset/web',
    ],
    ['api', 'there is no pod or workload "shop/api"; there is jobs/api, ops/api, services/api, web/api'],
    ['shop/singel', 'there is no pod or workload "shop/singel"; did you mean shop/single?'],
    ['sohp/single', 'there is no pod or workload "sohp/single"; there is shop/single'],
    ['svc/bd', 'there is no Service "shop/bd"; did you mean svc/shop/db?'],
    ['svc/nothing-like-it', 'there is no Service "shop/nothing-like-it"; there is shop/db'],
    ['ing/web', 'there is no Ingress "shop/web"; the input holds no Ingress'],
    ['deploy/single', 'there is no Deployment "shop/single"; there is Pod shop/single'],
    ['pod/web', 'there is no Pod "shop/web"; there is Deployment, StatefulSet shop/web'],
    ['sts/wbe', 'there is no StatefulSet "shop/wbe"; did you mean shop/web?'],
    ['sts/api', 'there is no StatefulSet "shop/api"; there is jobs/api, ops/api, services/api, web/api'],
    ['jobs/web', 'there is no pod or workload "jobs/web"; there is shop/web'],
    ['a/b/c/d', '"a/b/c/d" is no name of a pod; write namespace/name'],
    ['shop/pdo/single', '"shop/pdo/single" names no kind of workload; write namespace/kind/name'],
    [
      'sngle.shop',
      '"sngle.shop" was taken for the DNS name of Service "shop/sngle", which the input does not have; did you mean shop/single?',
    ],
    [
      'single.shop',
      '"single.shop" was taken for the DNS name of Service "shop/single", which the input does not have; did you mean shop/single (the pods themselves)?',
    ],
    [
      'cache.elsewhere.svc',
      '"cache.elsewhere.svc" was taken for the DNS name of Service "elsewhere/cache", which the input does not have; there is db.shop',
    ],
    ['svc/db.sohp', 'there is no Service "sohp/db"; did you mean svc/shop/db?'],
    ['svc/sohp/db', 'there is no Service "sohp/db"; did you mean svc/shop/db?'],
    ['apiserver', /^the input does not say where the API server is; add EndpointSlice default.kubernetes/],
    ['db.shop.example.org', 'there is no pod or workload "shop/db.shop.example.org"; 14 pods and workloads are known'],
    ['\u001b[2J', 'there is no pod or workload "shop/\\u{1b}[2J"; 14 pods and workloads are known'],
  ])('%s', (word, wanted) => {
    expect(meaning(word)).toEqual(typeof wanted === 'string' ? wanted : expect.stringMatching(wanted))
  })
})

const RING = documents(
  `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ring, namespace: kv}
spec: {replicas: 2, serviceName: ring, template: {metadata: {labels: {app: ring}}, spec: {containers: [{name: c}]}}}`,
  pod('kv/client', '10.244.1.9'),
  policy(
    'kv/first',
    '{podSelector: {matchLabels: {statefulset.kubernetes.io/pod-name: ring-0}}, policyTypes: [Ingress]}',
  ),
  policy(
    'kv/client',
    '{podSelector: {matchLabels: {app: client}}, egress: [{to: [{podSelector: {matchLabels: {app: ring}}}]}]}',
  ),
)

test.each([
  ['ring-0.ring.kv', 1],
  ['ring-0.ring.kv.svc', 1],
  ['ring-0.ring.kv.svc.cluster.local', 1],
  ['ring-0.ring.kv.svc.cluster.local.', 1],
  ['ring-0.ring', 1],
  ['ring-1.ring.kv', 0],
] as const)('the pod of a StatefulSet by its DNS name: %s', (word, exit) => {
  const answer = askText(RING, 'client', word, '9000', 'kv')
  expect(answer).toMatchObject({ exit })
  expect(answer.text).toContain(`kv/client → kv/${word.slice(0, 6)} TCP 9000`)
  expect(answer.text).toContain(`cannot look up the name ${word}`)
})

test.each(['ring-2.ring.kv', 'ring-0.other.kv', 'ring-0.ring.shop', 'ring-0.ring.kv.example'])(
  'no pod has the DNS name %s',
  (word) => {
    expect(askText(RING, 'client', word, '9000', 'kv').exit).toBe(2)
  },
)
