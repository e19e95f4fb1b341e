import { expect, test } from 'vitest'
import { servicePort } from '../../compiler/lint/rules/service-port.ts'
import { documents, pod, policy, service, workload } from '../explain/manifests.ts'
import { told, toldBy } from './told.ts'

const STORE = workload('shop/store', { ports: ['http:8080'] })
const SERVICE = service('shop/store', '{selector: {app: store}, ports: [{port: 80, targetPort: http}]}')
const to = (ports: string, peers = '{podSelector: {matchLabels: {app: store}}}') =>
  policy('shop/p', `{podSelector: {}, policyTypes: [Egress], egress: [{to: [${peers}], ports: [${ports}]}]}`)

test('the Service’s port', () => {
  expect(toldBy(servicePort, documents(STORE, SERVICE, to('{port: 443}, {port: 80}')))).toEqual([
    'warning: NetworkPolicy shop/p: egress[0]: ports[1]: 80 is the port of Service shop/store, and shop/store listens on 8080; write 8080: policy sees the port of the pod',
  ])
})

test('DNS pods on another port than 53 behind their Service', () => {
  const dns = workload('kube-system/dns', { labels: { 'k8s-app': 'kube-dns' } })
  const kubeDns = service(
    'kube-system/kube-dns',
    '{selector: {k8s-app: kube-dns}, ports: [{port: 53, protocol: UDP, targetPort: 5353}]}',
  )
  const peer = '{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}'
  expect(told(servicePort, documents(dns, kubeDns, to('{port: 53, protocol: UDP}', peer)))).toEqual([
    'NetworkPolicy shop/p: egress[0]: ports[0]: 53 is the port of Service kube-system/kube-dns, and kube-system/dns listens on 5353',
  ])
})

test.each([
  ['the pod’s port', [STORE, SERVICE, to('{port: 8080}')]],
  ['both ports', [STORE, SERVICE, to('{port: 80}, {port: 8080}')]],
  ['a range with both', [STORE, SERVICE, to('{port: 80}, {port: 8000, endPort: 9000}')]],
  ['another protocol', [STORE, SERVICE, to('{port: 80, protocol: UDP}')]],
  ['pods that declare it as well', [workload('shop/store', { ports: ['http:8080', '80'] }), SERVICE, to('{port: 80}')]],
  ['a headless Service', [STORE, SERVICE.replace('{selector', '{clusterIP: None, selector'), to('{port: 80}')]],
  ['a rule for everybody on the port', [STORE, SERVICE, to('{port: 80}', '{ipBlock: {cidr: 0.0.0.0/0}}')]],
  [
    'one pod of several that really has it',
    [
      STORE,
      SERVICE,
      pod('shop/b', '10.244.0.9', { labels: { app: 'store', x: 'y' }, ports: ['80'] }),
      to('{port: 80}'),
    ],
  ],
])('%s is no finding', (_, parts) => {
  expect(told(servicePort, documents(...parts))).toEqual([])
})
