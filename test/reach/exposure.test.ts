import { expect, test } from 'vitest'
import { compareReach } from '../../compiler/reach/compare-reach.ts'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { namespace, policy, workload } from '../explain/manifests.ts'
import { graphOf } from './graph-of.ts'

const DB = workload('shop/db', { ports: ['sql:5432'] })
const isolated = (direction: 'ingress' | 'egress', rules: string) =>
  policy(
    'shop/db',
    `{podSelector: {matchLabels: {app: db}}, policyTypes: [${direction === 'ingress' ? 'Ingress' : 'Egress'}], ${direction}: [${rules}]}`,
  )

/** Who is not in the input, without any other pod, and with whom something passes, as `→ TCP 80` or `TCP 80 ←`. */
function exposed(...texts: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const { possible, edges } = reachGraph(graphOf(...texts), 'workload')
  return Object.fromEntries(
    possible.map(({ peer: { id } }) => [
      id,
      [
        ...edges.filter(({ from }) => from === id).map(({ to, protocol, ports }) => `→ ${to} ${protocol} ${ports}`),
        ...edges.filter(({ to }) => to === id).map(({ from, protocol, ports }) => `← ${from} ${protocol} ${ports}`),
      ],
    ]),
  )
}

/** The ids of peers of one ingress rule, without the whole cluster. */
function peersOf(peer: string, ...others: readonly string[]): readonly string[] {
  return Object.keys(exposed(DB, isolated('ingress', `{from: [${peer}]}`), ...others)).filter(
    (id) => id !== 'the whole cluster',
  )
}

test.each([
  ['{podSelector: {matchLabels: {app: web}}}', ['pods with app=web in shop']],
  ['{podSelector: {matchLabels: {app: web}}, namespaceSelector: {}}', ['pods with app=web in any namespace']],
  ['{namespaceSelector: {matchLabels: {team: x}}}', ['any pod of namespaces team=x']],
  [
    '{podSelector: {matchLabels: {app: prometheus}}, namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}',
    ['pods with app=prometheus in monitoring'],
  ],
  [
    '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring, team: x}}}',
    ['any pod in monitoring (team=x)'],
  ],
  [
    '{podSelector: {matchExpressions: [{key: app, operator: In, values: [b, a]}, {key: app, operator: NotIn, values: [b]}]}}',
    ['pods with app=a in shop'],
  ],
  [
    '{podSelector: {matchExpressions: [{key: app, operator: In, values: [b, a]}]}}',
    ['pods with app=a in shop', 'pods with app=b in shop'],
  ],
  ['{podSelector: {matchExpressions: [{key: role, operator: Exists}]}}', ['pods with role in shop']],
  // Whoever needs no label is any other pod.
  ['{podSelector: {matchLabels: {app: db}}}', []],
  ['{podSelector: {}, namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}', []],
  // Nobody can be these.
  ['{podSelector: {matchLabels: {app: x}, matchExpressions: [{key: app, operator: DoesNotExist}]}}', []],
  ['{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: DoesNotExist}]}}', []],
])('the peer %s is %j', (peer, ids) => {
  expect(peersOf(peer)).toEqual(ids)
})

test('a namespace of the input keeps its labels: who would need others cannot be there', () => {
  const peer = '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring, team: x}}}'
  expect(peersOf(peer, namespace('monitoring', '{team: x}'))).toEqual(['any pod in monitoring'])
  expect(peersOf(peer, namespace('monitoring', '{team: z}'))).toEqual([])
  expect(peersOf(peer, workload('monitoring/agent'))).toEqual([])
})

test('who is among several peers has what any of them grants; and what everyone has', () => {
  const rules = [
    '{from: [{namespaceSelector: {matchLabels: {team: x}}}], ports: [{port: 80}]}',
    '{from: [{podSelector: {matchLabels: {app: web}}, namespaceSelector: {matchLabels: {team: x}}}], ports: [{port: 91}]}',
    '{from: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}], ports: [{port: 82}]}',
    '{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 83}]}',
  ]
  expect(exposed(DB, isolated('ingress', rules.join()))).toEqual({
    'any pod of namespaces team=x': ['→ shop/db TCP 80', '→ shop/db TCP 82', '← shop/db * *'],
    'pods with app=web of namespaces team=x': [
      '→ shop/db TCP 80',
      '→ shop/db TCP 82',
      '→ shop/db TCP 91',
      '← shop/db * *',
    ],
    'the whole cluster': ['→ shop/db TCP 82', '← shop/db * *'],
  })
})

test('policies of the input govern it where it would live', () => {
  const rules = '{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80, endPort: 90}]}'
  const own = (spec: string) => policy('shop/web', `{podSelector: {matchLabels: {app: web}}, ${spec}}`)
  const web = (...policies: readonly string[]) =>
    exposed(DB, isolated('ingress', rules), ...policies)['pods with app=web in shop']
  expect(web()).toEqual(['→ shop/db TCP 80-90', '← shop/db * *'])
  expect(web(own('policyTypes: [Egress], egress: [{ports: [{port: 85}, {port: 99}]}]'))).toEqual([
    '→ shop/db TCP 85',
    '← shop/db * *',
  ])
  expect(web(own('policyTypes: [Ingress, Egress]'))).toEqual([])
})

test('towards it a port may be known by its name alone', () => {
  const to = (ports: string) =>
    isolated('egress', `{to: [{podSelector: {matchLabels: {app: web}}}], ports: [${ports}]}`)
  const web = (rule: string, ...others: readonly string[]) => exposed(DB, rule, ...others)['pods with app=web in shop']
  const open = ['→ shop/db * *']
  expect(web(to('{port: http}, {port: 53, protocol: UDP}'))).toEqual([
    ...open,
    '← shop/db TCP http',
    '← shop/db UDP 53',
  ])
  // All of the protocol holds that port, too.
  expect(web(to('{port: http}, {protocol: TCP}'))).toEqual([...open, '← shop/db TCP *'])
  const own = (ports: string) =>
    policy(
      'shop/web',
      `{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{ports: [${ports}]}]}`,
    )
  expect(web(to('{port: http}'), own('{port: http}'))).toEqual([...open, '← shop/db TCP http'])
  expect(web(to('{port: http}'), own('{port: metrics}'))).toEqual(open)
  expect(web(to('{port: http}'), own('{port: 80}'))).toEqual(open)
})

test('who is on the network of a node may reach it, and be reached, as others at an address', () => {
  const agent = workload('shop/agent', { kind: 'DaemonSet', hostNetwork: true })
  const rules = '{from: [{podSelector: {matchLabels: {app: web}}}]}'
  const closed = policy('shop/web', '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress]}')
  const web = (...others: readonly string[]) =>
    exposed(DB, agent, isolated('ingress', rules), ...others)['pods with app=web in shop']
  expect(web()).toEqual(['→ shop/agent * *', '→ shop/db * *', '← shop/agent * *', '← shop/db * *'])
  expect(web(closed)).toEqual([])
})

test('a comparison asks both sides about whoever either of them names', () => {
  const from = (label: string) => `{from: [{podSelector: {matchLabels: {app: ${label}}}}], ports: [{port: 80}]}`
  const [before, after] = [graphOf(DB, isolated('ingress', from('web'))), graphOf(DB, isolated('ingress', from('api')))]
  const { opens, closes } = compareReach(before, after, 'workload')
  expect(opens).toEqual([{ from: 'pods with app=api in shop', to: 'shop/db', protocol: 'TCP', ports: '80' }])
  expect(closes).toEqual([{ from: 'pods with app=web in shop', to: 'shop/db', protocol: 'TCP', ports: '80' }])
  const byName = (port: string) =>
    graphOf(DB, isolated('egress', `{to: [{podSelector: {matchLabels: {app: web}}}], ports: [${port}]}`))
  const named = { from: 'shop/db', to: 'pods with app=web in shop', protocol: 'TCP', ports: 'http' }
  expect(compareReach(byName('{port: 80}'), byName('{port: 80}, {port: http}'), 'workload')).toMatchObject({
    opens: [named],
    closes: [],
  })
  expect(compareReach(byName('{protocol: TCP}'), byName('{port: http}'), 'workload')).toMatchObject({ opens: [] })
})
