import { deepStrictEqual } from 'node:assert'
import { clusterOf } from '../explain/cluster-of.ts'
import { documents, namespace, node, pod, policy, workload } from '../explain/manifests.ts'
import { hold } from '../policy-test/hold.ts'

const DB = '{podSelector: {matchLabels: {app: db}}, '
const INTO_DB = (peers: string, ports = '[{port: 5432}]') =>
  policy('shop/db', `${DB}ingress: [{from: ${peers}, ports: ${ports}}]}`)
const FROM_API = '[{podSelector: {matchLabels: {app: api}}}]'
const PLACES = [
  namespace('shop', '{team: shop}'),
  workload('shop/api'),
  workload('shop/web'),
  workload('shop/db'),
  workload('ops/job'),
]
const SHOP = [...PLACES, INTO_DB(FROM_API)]
const DUAL = [
  pod('shop/db', '10.244.1.1 fd00::1'),
  pod('shop/api', '10.244.1.2 fd00::2'),
  INTO_DB('[{ipBlock: {cidr: 10.244.1.0/24}}]'),
]
const ON_NODE = [
  node('n1', '192.168.50.11', '10.244.1.0/24'),
  pod('shop/db', '10.244.1.1', { spec: { nodeName: 'n1' } }),
  INTO_DB('[{ipBlock: {cidr: 192.168.50.11/32}}]'),
]
const OUT = [
  ...PLACES,
  policy(
    'shop/web',
    '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: api}}}, {ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 80}]}]}',
  ),
]
const MAYBE = (app: string) => ({ namespace: 'shop', pods: { app }, absent: true })
const NAMELESS = { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'DoesNotExist' }] }
const toDb = (more: object) => ({ to: 'shop/db', ports: [5432], ...more })

/** Inputs, what is asked of them, and whether it holds. */
const CASES: readonly (readonly [readonly string[], object, 'passed' | 'failed' | 'unanswered'])[] = [
  [SHOP, toDb({ from: 'shop/api', expect: 'allow' }), 'passed'],
  [SHOP, toDb({ from: ['shop/api', 'shop/web'], expect: 'allow' }), 'failed'],
  [SHOP, toDb({ from: 'shop/*', expect: 'deny' }), 'failed'],
  [SHOP, toDb({ from: ['shop/web', 'ops/*', 'outside'], expect: 'deny' }), 'passed'],
  // Whom no pod of the input is, tests nothing.
  [SHOP, toDb({ from: { pods: { app: 'nope' } }, expect: 'deny' }), 'failed'],
  [SHOP, toDb({ from: { not: { pods: { app: 'nope' } } }, expect: 'deny' }), 'failed'],
  [SHOP, { from: 'shop/api', to: { pods: { app: 'nope' } }, expect: 'deny' }, 'failed'],
  [SHOP, { from: { not: { pods: { app: 'nope' } } }, to: 'shop/db', ports: [5433], expect: 'deny' }, 'failed'],
  [SHOP, toDb({ from: ['shop/web', 'shop/api'], expect: 'deny' }), 'failed'],
  // Everybody else: other pods, addresses, and what is left of a group.
  [SHOP, toDb({ from: 'not shop/api', expect: 'deny' }), 'passed'],
  [SHOP, toDb({ from: 'not shop/web', expect: 'deny' }), 'failed'],
  [
    [...PLACES, INTO_DB('[{ipBlock: {cidr: 203.0.113.0/24}}]')],
    toDb({ from: 'not shop/api', expect: 'deny' }),
    'failed',
  ],
  [PLACES, { from: { not: ['shop/api', 'ops/job', 'outside'] }, to: 'shop/api', expect: 'deny' }, 'failed'],
  [
    [
      ...PLACES,
      workload('shop/till'),
      INTO_DB('[{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, till]}]}}]'),
    ],
    toDb({ from: 'not shop/web', expect: 'deny', pods: 'input' }),
    'failed',
  ],
  // A rule is for whoever has the labels, whether or not somebody does.
  [[...PLACES, INTO_DB('[{podSelector: {matchLabels: {app: cron}}}]')], toDb({ only: [] }), 'failed'],
  [[...PLACES, INTO_DB('[{podSelector: {matchLabels: {app: cron}}}]')], toDb({ only: [], pods: 'input' }), 'passed'],
  [[...PLACES, INTO_DB('[{podSelector: {matchLabels: {app: cron}}}]')], toDb({ from: '*', expect: 'deny' }), 'failed'],
  [SHOP, toDb({ only: ['shop/api'] }), 'passed'],
  [SHOP, toDb({ only: ['shop/api', 'shop/web'] }), 'failed'],
  [SHOP, toDb({ only: ['shop/web'] }), 'failed'],
  [[...PLACES, INTO_DB('[{podSelector: {}}]')], toDb({ only: ['shop/api'], pods: 'input' }), 'failed'],
  [[...PLACES, INTO_DB('[{ipBlock: {cidr: 203.0.113.0/24}}]')], toDb({ only: [] }), 'failed'],
  [[...PLACES, INTO_DB('[{ipBlock: {cidr: 203.0.113.0/24}}]')], toDb({ only: ['203.0.113.0/24'] }), 'passed'],
  [[...SHOP, policy('shop/out', `${DB}policyTypes: [Egress]}`)], toDb({ only: [], pods: 'input' }), 'failed'],
  // Its own node always reaches it.
  [ON_NODE, toDb({ only: [] }), 'passed'],
  [ON_NODE, toDb({ from: 'outside', expect: 'deny' }), 'passed'],
  // Every port, every family, both of two pods of a workload.
  [SHOP, { from: 'shop/api', to: 'shop/db', ports: ['5432-5433'], expect: 'allow' }, 'failed'],
  [SHOP, { from: 'shop/api', to: 'shop/db', ports: ['5000-5432'], expect: 'deny' }, 'failed'],
  [SHOP, { from: 'shop/api', to: 'shop/db', ports: ['5432/UDP'], expect: 'deny' }, 'passed'],
  [SHOP, { from: 'shop/api', to: 'shop/db', ports: ['icmp'], expect: 'deny' }, 'passed'],
  [DUAL, toDb({ from: 'shop/api', expect: 'allow' }), 'failed'],
  [DUAL, toDb({ from: 'shop/api', expect: 'deny' }), 'failed'],
  [SHOP, { from: 'shop/db', to: 'shop/db', expect: 'deny' }, 'passed'],
  [PLACES, { from: 'shop/db', to: 'shop/db', expect: 'deny' }, 'failed'],
  [DUAL, { from: 'shop/db', to: 'shop/db', expect: 'deny' }, 'failed'],
  [
    [pod('shop/db', '10.244.1.1'), policy('shop/db', `${DB}policyTypes: [Ingress]}`)],
    toDb({ from: 'shop/db', expect: 'deny' }),
    'failed',
  ],
  // Pods that need not be there are not what is tested, and those that are there have their ports.
  [SHOP, { to: MAYBE('queue'), ports: ['http'], only: [] }, 'failed'],
  [SHOP, { to: MAYBE('queue'), ports: [80], only: [] }, 'failed'],
  [SHOP, { to: MAYBE('db'), ports: ['pq'], only: [] }, 'unanswered'],
  [SHOP, toDb({ from: MAYBE('queue'), expect: 'deny' }), 'failed'],
  [SHOP, toDb({ only: ['shop/api', { namespaces: NAMELESS, absent: true }] }), 'failed'],
  [SHOP, toDb({ only: [['shop/api', MAYBE('queue')]] }), 'failed'],
  // Nothing but these: pods, addresses, pods that a rule means.
  [OUT, { from: 'shop/web', atMost: [{ to: 'shop/api', ports: [80] }, '203.0.113.0/24'], pods: 'input' }, 'passed'],
  [OUT, { from: 'shop/web', atMost: [{ to: 'shop/api', ports: [81] }, '203.0.113.0/24'], pods: 'input' }, 'failed'],
  [OUT, { from: 'shop/web', atMost: [{ to: 'shop/api', ports: [80] }], pods: 'input' }, 'failed'],
  [OUT, { from: 'shop/web', atMost: ['203.0.113.0/24'], pods: 'input' }, 'failed'],
  [
    [
      ...OUT,
      policy(
        'shop/more',
        '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: cron}}}]}]}',
      ),
    ],
    { from: 'shop/web', atMost: ['shop/api', '203.0.113.0/24'] },
    'failed',
  ],
]

/** Each passes, or does not, as it should. */
export function policyTestsAreRight(): void {
  for (const [texts, asked, right] of CASES) {
    const [result] = hold(clusterOf(documents(...texts)), [asked])
    deepStrictEqual({ asked, texts, status: result?.status }, { asked, texts, status: right })
  }
}
