import { expect, test } from 'vitest'
import { generateBaseline } from '../../compiler/policy-test/generate-baseline.ts'
import { clusterOf } from '../explain/cluster-of.ts'
import { documents, endpointSlice, namespace, node, pod, policy, service, workload } from '../explain/manifests.ts'
import { hold, outcomes } from './hold.ts'

const INGRESS = (peers: string, ports = '[{port: 5432}]'): string =>
  `{podSelector: {matchLabels: {app: db}}, ingress: [{from: ${peers}, ports: ${ports}}]}`
const SHOP = [
  namespace('shop', '{team: shop}'),
  namespace('other', '{team: other}'),
  workload('shop/api', { ports: ['http:8080'] }),
  workload('shop/web', { ports: ['http:8081'] }),
  workload('shop/db', { ports: ['5432'] }),
  workload('other/job'),
]
const FROM_API = policy('shop/db', INGRESS('[{podSelector: {matchLabels: {app: api}}}]'))

function outcome(texts: readonly string[], assertion: object): string {
  return outcomes(hold(clusterOf(documents(...texts)), [assertion]))[0] ?? ''
}

test.each([
  ['a name', 'shop/api', 'passed'],
  ['its kind', 'shop/deployment/api', 'passed'],
  ['its labels', { namespace: 'shop', pods: { app: 'api' } }, 'passed'],
  [
    'its labels, and those of its namespace',
    { namespaces: { team: 'shop' }, pods: { matchExpressions: [{ key: 'app', operator: 'In', values: ['api'] }] } },
    'passed',
  ],
  ['a list', ['shop/api', { pods: { app: 'api' } }], 'passed'],
  ['all but others', { not: ['shop/web', 'shop/db', 'other/*', 'outside'] }, 'passed'],
  [
    'the same in a word',
    'not shop/web',
    'other/job → shop/db is denied on TCP 5432\nshop/db → shop/db is denied on TCP 5432\n192.0.2.1 → shop/db is denied on TCP 5432',
  ],
  ['another', 'shop/web', 'shop/web → shop/db is denied on TCP 5432'],
  ['a namespace', 'other/*', 'other/job → shop/db is denied on TCP 5432'],
  ['all', '*', 'other/job → shop/db is denied on TCP 5432\nshop/db → shop/db is denied on TCP 5432'],
  ['addresses', 'outside', '192.0.2.1 → shop/db is denied on TCP 5432'],
  ['a CIDR', '198.51.100.0/24', '198.51.100.0 → shop/db is denied on TCP 5432'],
  ['an address', '198.51.100.7', '198.51.100.7 → shop/db is denied'],
  ['a misspelt name', 'shop/apo', 'there is no pod or workload "shop/apo"; did you mean shop/api?'],
])('from %s', (_, from, expected) => {
  expect(outcome([...SHOP, FROM_API], { from, to: 'shop/db', ports: [5432], expect: 'allow' })).toBe(expected)
})

test('what means nobody fails, whatever is expected, also within not, in only and in atMost', () => {
  const nobody = 'pods with app=nope: nobody is meant, so nothing would be tested'
  const ends = { pods: { app: 'nope' } }
  for (const assertion of [
    { from: ends, to: 'shop/db', expect: 'deny' },
    { from: 'shop/api', to: ends, expect: 'deny' },
    { from: { not: ends }, to: 'shop/web', ports: [1], expect: 'allow' },
    { to: 'shop/db', ports: [5432], only: ['shop/api', ends] },
    { from: 'shop/db', atMost: ['*', 'outside', ends] },
  ]) {
    expect(outcome([...SHOP, FROM_API], assertion)).toContain(nobody)
  }
  expect(outcome([...SHOP, FROM_API], { from: '10.244.0.0/32', to: 'shop/db', expect: 'deny' })).toBe('passed')
})

test('ports: numbers, ranges, protocols, names at each destination, ICMP, all but some; all have to agree', () => {
  const cluster = [
    ...SHOP,
    policy(
      'shop/api',
      '{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8080}, {port: 53, protocol: UDP}]}]}',
    ),
  ]
  const ask = (ports: unknown, expect: string) => outcome(cluster, { from: 'shop/web', to: 'shop/api', ports, expect })
  expect(ask([8080], 'allow')).toBe('passed')
  expect(ask(['http', '53/UDP'], 'allow')).toBe('passed')
  expect(ask(['8079-8080'], 'allow')).toBe('shop/web → shop/api is denied on TCP 8079')
  expect(ask(['1-8079', 'icmp', '53/SCTP'], 'deny')).toBe('passed')
  expect(ask({ not: [8080, '53/UDP'] }, 'deny')).toBe('passed')
  expect(ask(['*/UDP'], 'deny')).toBe('shop/web → shop/api is allowed on UDP 53')
  expect(ask(['*'], 'deny')).toBe('shop/web → shop/api is allowed on TCP 8080, UDP 53')
  expect(outcome(cluster, { from: 'shop/web', to: 'shop/api', expect: 'deny' })).toBe(
    'shop/web → shop/api is allowed on TCP 8080, UDP 53',
  )
  expect(outcome(cluster, { from: 'shop/web', to: 'shop/api', expect: 'allow' })).toMatch(
    /^expect: allow to shop\/api needs ports; /,
  )
  expect(outcome(cluster, { from: 'shop/web', to: 'shop/api', ports: ['grpc'], expect: 'deny' })).toBe(
    'shop/api has no port "grpc"; give a number',
  )
})

test('every family that both ends have has to agree', () => {
  const both = (name: string, n: number) => pod(`shop/${name}`, `10.244.1.${n} fd00::${n}`)
  const cluster = [both('db', 1), both('api', 2), policy('shop/db', INGRESS('[{ipBlock: {cidr: 10.244.1.0/24}}]'))]
  expect(outcome(cluster, { from: 'shop/api', to: 'shop/db', ports: [5432], expect: 'allow' })).toBe(
    'shop/api → shop/db is denied on TCP 5432',
  )
  expect(outcome(cluster, { from: 'shop/api', to: 'shop/db', ports: [5432], expect: 'deny' })).toBe(
    'shop/api → shop/db is allowed on TCP 5432',
  )
})

test('a workload is two of its pods; one pod to itself is no pair', () => {
  const closed = policy('shop/db', '{podSelector: {matchLabels: {app: db}}}')
  expect(outcome([...SHOP, closed], { from: 'shop/db', to: 'shop/db', expect: 'deny' })).toBe('passed')
  expect(outcome(SHOP, { from: 'shop/db', to: 'shop/db', expect: 'deny' })).toBe(
    'shop/db → shop/db is allowed on every port and protocol',
  )
  const one = [pod('shop/db', '10.244.1.1'), closed]
  expect(outcome(one, { from: 'shop/db', to: 'shop/db', expect: 'deny' })).toMatch(
    /are no two pods, or share no address family: nothing is tested$/,
  )
  const many = [...SHOP, workload('shop/a'), workload('shop/b'), policy('shop/all', '{podSelector: {}}')]
  expect(outcome(many, { from: 'shop/*', to: 'shop/*', expect: 'deny' })).toBe('passed')
})

test('only: each listed client comes in, and nobody else does', () => {
  const ask = (only: readonly unknown[], more = {}) =>
    outcome([...SHOP, FROM_API], { to: 'shop/db', ports: [5432], only, ...more })
  expect(ask(['shop/api'])).toBe('passed')
  expect(ask([{ pods: { app: 'api' }, namespace: 'shop' }])).toBe('passed')
  expect(ask(['shop/api', 'shop/web'])).toBe('shop/web → shop/db is denied on TCP 5432')
  expect(ask([])).toBe(
    'shop/api → shop/db is allowed on TCP 5432\npods with app=api in shop (not in the input) → shop/db is allowed on TCP 5432',
  )
  expect(ask([], { ports: [5433] })).toBe('passed')
  expect(outcome([...SHOP, FROM_API], { to: 'shop/db', only: ['shop/api'] })).toBe('passed')
})

test.each([
  ['a whole namespace', '[{podSelector: {}}]', 'all pods in shop'],
  ['any namespace', '[{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}]', 'pods with app=api in other'],
  [
    'somebody who is not in the input',
    '[{podSelector: {matchLabels: {app: api}}}, {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]',
    'all pods in monitoring',
  ],
  [
    'one value of many',
    '[{podSelector: {matchExpressions: [{key: app, operator: In, values: [api, apj]}]}}]',
    'pods with app=apj in shop',
  ],
  ['any value', '[{podSelector: {matchExpressions: [{key: app, operator: Exists}]}}]', 'pods with app in shop'],
])('only fails on a rule for %s, and names it', (_, peers, who) => {
  const alone = [
    namespace('shop', '{team: shop}'),
    namespace('other'),
    workload('shop/api'),
    workload('shop/db', { labels: { tier: 'db' } }),
  ]
  const db = policy(
    'shop/db',
    `{podSelector: {matchLabels: {app: db}}, ingress: [{from: ${peers}, ports: [{port: 5432}]}]}`,
  )
  const cluster = clusterOf(documents(...alone, db))
  const [result] = hold(cluster, [{ to: 'shop/db', ports: [5432], only: ['shop/api', 'shop/db'] }])
  const found = result?.failures.find(({ rules }) => rules !== undefined)
  expect(found?.text).toBe(`${who} (not in the input) → shop/db is allowed on TCP 5432`)
  expect(found?.rules?.map(({ policy, rule, place }) => `${policy} ${rule} ${place?.line}`)).toEqual([
    'shop/db ingress[0] 17',
  ])
})

test('pods: input leaves out whom the input does not have; a listed absent client covers it, and has to be let in', () => {
  const cluster = [
    ...SHOP,
    policy(
      'shop/db',
      INGRESS(
        '[{podSelector: {matchLabels: {app: api}}}, {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}, podSelector: {matchLabels: {app: prometheus}}}]',
      ),
    ),
  ]
  const prometheus = { namespace: 'monitoring', pods: { app: 'prometheus' } }
  const ask = (only: readonly unknown[], more = {}) => outcome(cluster, { to: 'shop/db', ports: [5432], only, ...more })
  expect(ask(['shop/api'])).toContain('pods with app=prometheus in monitoring (not in the input) → shop/db is allowed')
  expect(ask(['shop/api'], { pods: 'input' })).toBe('passed')
  expect(ask(['shop/api', prometheus])).toContain('nobody is meant')
  expect(ask(['shop/api', { ...prometheus, absent: true }])).toBe('passed')
  expect(ask(['shop/api', { ...prometheus, absent: true }], { ports: [5432, 5433] })).toContain(
    'no rule lets such a pod in',
  )
})

test('an absent client of a named port has to be let in on the number that the name has here', () => {
  const rule = '{from: [{podSelector: {matchLabels: {app: cron}}}], ports: [{port: http}]}'
  const cluster = [
    workload('shop/api', { ports: ['http:8080'] }),
    policy('shop/api', `{podSelector: {}, ingress: [${rule}]}`),
  ]
  const ask = (port: number) =>
    outcome(cluster, {
      to: 'shop/api',
      ports: [port],
      only: [{ pods: { app: 'cron' }, namespace: 'shop', absent: true }],
    })
  expect(ask(8080)).toBe('passed')
  expect(ask(8081)).toContain('no rule lets such a pod in')
})

test('expect: allow of pods that need not be there asks whether a rule is for them', () => {
  const egress =
    '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: cache}}}], ports: [{port: 6379}, {port: metrics}]}]}'
  const ingress =
    '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}}], ports: [{port: 5432}]}]}'
  const cluster = [...SHOP, policy('shop/web', egress), policy('shop/db', ingress)]
  const cache = { namespace: 'shop', pods: { app: 'cache' }, absent: true }
  const ask = (test: object) => outcome(cluster, { expect: 'allow', ports: [6379], ...test })
  expect(ask({ from: 'shop/web', to: cache })).toBe('passed')
  expect(ask({ from: 'shop/web', to: ['shop/cache-not-here', cache] })).toContain('shop/cache-not-here')
  expect(ask({ from: 'shop/web', to: cache, ports: ['metrics'] })).toBe('passed')
  // What number the name has there, nobody knows.
  expect(ask({ from: 'shop/web', to: cache, ports: ['http'] })).toBe(
    'shop/web → pods with app=cache in shop (maybe absent): no rule lets it connect to such a pod',
  )
  expect(ask({ from: 'shop/web', to: cache, ports: [6379, 80] })).toContain('no rule lets it connect to such a pod')
  expect(ask({ from: 'shop/web', to: { ...cache, pods: { app: 'queue' } } })).toContain('no rule lets it connect')
  expect(ask({ from: 'shop/api', to: cache })).toBe('passed')
  const operator = { namespaces: { team: 'ops' }, pods: { app: 'any' }, absent: true }
  expect(ask({ from: operator, to: 'shop/db', ports: [5432] })).toBe('passed')
  expect(ask({ from: operator, to: 'shop/db', ports: [5433] })).toContain('→ shop/db: no rule lets such a pod in')
  expect(ask({ from: { ...operator, namespaces: { team: 'x' } }, to: 'shop/db', ports: [5432] })).toContain(
    'no rule lets',
  )
  // Every namespace has the label of its name: a rule for those without is for nobody, and lets nobody in.
  const nameless = '{matchExpressions: [{key: kubernetes.io/metadata.name, operator: DoesNotExist}]}'
  const closed = policy('shop/db', `{podSelector: {}, ingress: [{from: [{namespaceSelector: ${nameless}}]}]}`)
  expect(outcome([...SHOP, closed], { expect: 'allow', from: operator, to: 'shop/db', ports: [5432] })).toContain(
    'no rule lets such a pod in',
  )
  // Where they are here, they are asked like any.
  const api = { namespace: 'shop', pods: { app: 'api' }, absent: true }
  expect(ask({ from: 'shop/web', to: api })).not.toBe('passed')
})

test('only to pods that nobody is fails, and a port that is misspelt does where they are here', () => {
  const maybe = (name: string) => ({ namespace: 'shop', pods: { app: name }, absent: true })
  const cluster = [...SHOP, workload('shop/pg', { ports: ['pg:5432'] }), policy('shop/pg', '{podSelector: {}}')]
  const ask = (test: object) => outcome(cluster, { only: [], ...test })
  expect(ask({ to: maybe('pg'), ports: ['pg'] })).toBe('passed')
  const noPort = 'pods with app=pg in shop (maybe absent) has no port "pq"; give a number'
  expect(ask({ to: maybe('pg'), ports: ['pq'] })).toBe(noPort)
  for (const expected of ['allow', 'deny']) {
    expect(outcome(cluster, { from: 'shop/web', to: maybe('pg'), ports: ['pq'], expect: expected })).toBe(noPort)
  }
  const nobody = 'pods with app=queue in shop (maybe absent): nobody is meant, so nothing would be tested'
  expect(ask({ to: maybe('queue'), ports: ['http'] })).toBe(nobody)
  expect(ask({ to: maybe('queue'), ports: [80] })).toBe(nobody)
  expect(ask({ to: maybe('queue') })).toBe(nobody)
  expect(ask({ to: ['shop/pg', maybe('queue')], ports: [80] })).toBe(nobody)
})

test('atMost may list a port by a name that those who are here do not have', () => {
  const rule = '{to: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: metrics}]}'
  const egress = `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [${rule}]}`
  const api = { namespace: 'shop', pods: { app: 'api' }, absent: true, ports: ['metrics'] }
  expect(outcome([...SHOP, policy('shop/web', egress)], { from: 'shop/web', atMost: [api] })).toBe('passed')
})

test('where nothing is tested since an end is not here, it says so', () => {
  const cron = { namespace: 'shop', pods: { app: 'cron' }, absent: true }
  const ask = (test: object) => outcome([...SHOP, FROM_API], test)
  const text = 'pods with app=cron in shop (maybe absent): nobody here is meant, so nothing is tested; '
  const deny = `${text}expect: deny asks of pods that are here; "*", a namespace or not END stand for others, too`
  expect(ask({ from: cron, to: 'shop/db', expect: 'deny', pods: 'input' })).toBe(deny)
  expect(ask({ from: cron, to: 'shop/db', expect: 'deny' })).toBe(deny)
  expect(ask({ from: 'shop/web', to: cron, ports: ['http'], expect: 'deny' })).toBe(deny)
  expect(ask({ from: cron, to: 'outside', ports: [80], expect: 'allow' })).toBe(
    `${text}a rule for them is looked for at pods of the other end, and there are none`,
  )
})

test('pods that nobody can be are nobody, whether or not they may be absent; an absent one in a list has to be let in', () => {
  const key = 'kubernetes.io/metadata.name'
  const both = [
    { key: 'a', operator: 'In', values: ['q'] },
    { key: 'a', operator: 'DoesNotExist' },
  ]
  const contrary = { namespace: 'shop', pods: { matchExpressions: both }, absent: true }
  const nameless = { namespaces: { matchExpressions: [{ key, operator: 'DoesNotExist' }] }, absent: true }
  const elsewhere = { pods: { app: 'zz' }, namespace: 'shop', absent: true }
  const ask = (test: object) => outcome([...SHOP, FROM_API], { to: 'shop/db', ports: [5432], ...test })
  for (const end of [contrary, nameless]) {
    const nobody = /^[^\n]* \(maybe absent\): nobody is meant, so nothing would be tested$/
    expect(ask({ from: ['shop/api', end], expect: 'allow' })).toMatch(nobody)
    expect(ask({ from: 'shop/web', to: ['shop/db', end], expect: 'deny' })).toMatch(nobody)
    expect(ask({ only: ['shop/api', end] })).toMatch(nobody)
    expect(ask({ from: { not: end }, expect: 'deny' })).toContain('nobody is meant')
    expect(outcome(SHOP, { from: 'shop/db', atMost: ['*', 'outside', end] })).toMatch(nobody)
  }
  expect(ask({ only: [['shop/api', elsewhere]] })).toContain('no rule lets such a pod in')
})

test('a rule for pods that nobody can be is no line of a baseline, and no client', () => {
  const key = 'kubernetes.io/metadata.name'
  const peer = `{namespaceSelector: {matchExpressions: [{key: ${key}, operator: DoesNotExist}]}}`
  const rules = `ingress: [{from: [${peer}]}], egress: [{to: [${peer}]}]`
  const cluster = [...SHOP, policy('shop/db', `{podSelector: {matchLabels: {app: db}}, ${rules}}`)]
  expect(outcome(cluster, { to: 'shop/db', only: [] })).toBe('passed')
  const { tests, leftOut } = generateBaseline(clusterOf(documents(...cluster)))
  expect({ leftOut, written: JSON.stringify(tests).includes(key) }).toEqual({ leftOut: 0, written: false })
})

test('deny fails on a rule for somebody who is not in the input, where a set is meant', () => {
  const cluster = [
    ...SHOP,
    policy(
      'shop/db',
      INGRESS(
        '[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}, podSelector: {matchLabels: {app: cron}}}]',
      ),
    ),
  ]
  const ask = (from: unknown, more = {}) => outcome(cluster, { from, to: 'shop/db', expect: 'deny', ...more })
  const who = 'pods with app=cron in other (not in the input) → shop/db is allowed on TCP 5432'
  expect(ask({ not: { namespaces: { team: 'shop' } } })).toBe(who)
  expect(ask('other/*')).toBe(who)
  expect(ask('*')).toBe(who)
  expect(ask('other/*', { pods: 'input' })).toBe('passed')
  expect(ask('shop/*')).toBe('passed')
  expect(ask('other/job')).toBe('passed')
})

test('atMost: pods, ports behind a colon, dns, outside, and rules for somebody who is not in the input', () => {
  const egress =
    '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 8080}]}, {to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53, protocol: UDP}, {port: 53}]}, {to: [{podSelector: {matchLabels: {app: cache}}}], ports: [{port: 6379}]}, {to: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 443}]}]}'
  const cluster = [...SHOP, policy('shop/web', egress)]
  const ask = (atMost: readonly unknown[], more = {}) => outcome(cluster, { from: 'shop/web', atMost, ...more })
  const cache = { namespace: 'shop', pods: { app: 'cache' }, ports: [6379], absent: true }
  expect(ask(['shop/api:8080', 'dns', cache, '198.51.100.0/24:443'])).toBe('passed')
  expect(ask(['shop/api:http', 'dns', 'shop/*:6379', 'outside:443'])).toBe('passed')
  expect(ask(['shop/api', 'dns', cache, 'outside'])).toBe('passed')
  expect(ask(['shop/api:8081', 'dns', cache, 'outside'])).toBe(
    'shop/web → shop/api is allowed on TCP 8080\nshop/web → pods with app=api in shop (not in the input) is allowed on TCP 8080',
  )
  expect(ask(['shop/api', 'dns', 'outside'])).toBe(
    'shop/web → pods with app=cache in shop (not in the input) is allowed on TCP 6379',
  )
  expect(ask(['shop/api', 'dns', 'outside'], { pods: 'input' })).toBe('passed')
  expect(ask(['shop/api', cache, 'outside'])).toBe(
    'shop/web → pods with k8s-app=kube-dns in kube-system (not in the input) is allowed on TCP 53, UDP 53',
  )
  expect(ask(['shop/api', 'dns', cache])).toBe('shop/web → 198.51.100.0 is allowed on TCP 443')
})

test('dns and a Service bring their ports, through to the target port', () => {
  const dns = [
    workload('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' }, ports: ['dns:5353/UDP', 'dns-tcp:5353'] }),
    service(
      'kube-system/kube-dns',
      '{selector: {k8s-app: kube-dns}, ports: [{name: dns, port: 53, protocol: UDP, targetPort: 5353}, {name: dns-tcp, port: 53, targetPort: 5353}]}',
    ),
  ]
  const svc = service('shop/api', '{selector: {app: api}, ports: [{port: 80, targetPort: http}]}')
  const only53 = policy(
    'shop/web',
    '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}, {ports: [{port: 8080}]}]}',
  )
  expect(outcome([...SHOP, only53], { from: 'shop/web', to: 'dns', expect: 'allow' })).toBe('passed')
  expect(outcome([...SHOP, only53, ...dns], { from: 'shop/web', to: 'dns', expect: 'allow' })).toBe(
    'shop/web → kube-system/coredns is denied on UDP 5353',
  )
  expect(outcome([...SHOP, only53, svc], { from: 'shop/web', to: 'svc/shop/api', expect: 'allow' })).toBe('passed')
  expect(outcome([...SHOP, only53, svc], { from: 'shop/web', to: 'svc/shop/api', ports: [80], expect: 'allow' })).toBe(
    'passed',
  )
  expect(
    outcome([...SHOP, only53, svc], { from: 'shop/web', to: 'svc/shop/api', ports: [8080], expect: 'allow' }),
  ).toBe('Service shop/api has no port 8080/TCP; it has 80/TCP')
  expect(outcome([...SHOP, only53, svc], { from: 'shop/web', to: 'svc/shop/api', expect: 'deny' })).toContain(
    'is allowed on TCP 8080, UDP 53',
  )
})

test('ingress and apiserver are found as explain finds them', () => {
  const controller = workload('edge/nginx', { labels: { 'app.kubernetes.io/name': 'ingress-nginx' } })
  const ingress =
    '{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {namespace: shop, name: web}, spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}}'
  const cluster = [
    ...SHOP,
    controller,
    ingress,
    policy('shop/web', '{podSelector: {matchLabels: {app: web}}, ingress: []}'),
  ]
  expect(outcome(cluster, { from: 'ingress/shop/web', to: 'shop/web', ports: [8081], expect: 'allow' })).toBe(
    'edge/nginx → shop/web is denied on TCP 8081',
  )
  expect(outcome(cluster, { from: 'shop/api', to: 'ingress/shop/web', expect: 'deny' })).toMatch(
    /^Ingress shop\/web is where connections come from/,
  )
  const api = [
    service('default/kubernetes', '{ports: [{name: https, port: 443, targetPort: 6443}]}'),
    endpointSlice(
      'default/kubernetes',
      'endpoints: [{addresses: [192.168.7.1]}], ports: [{name: https, port: 6443, protocol: TCP}]',
    ),
  ]
  const egress = policy(
    'shop/api',
    '{podSelector: {matchLabels: {app: api}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 192.168.7.1/32}}], ports: [{port: 443}]}]}',
  )
  expect(outcome([...SHOP, ...api, egress], { from: 'shop/api', to: 'apiserver', expect: 'allow' })).toBe(
    'shop/api → 192.168.7.1 is denied on TCP 6443',
  )
  expect(outcome([...SHOP, ...api], { from: 'shop/api', to: 'apiserver', expect: 'allow' })).toBe('passed')
  expect(outcome(SHOP, { from: 'shop/api', to: 'apiserver', expect: 'allow' })).toMatch(
    /^the input does not say where the API server is/,
  )
})

test('pods on the network of their nodes: told where it holds for every address, else a failure', () => {
  const agent = workload('shop/agent', { kind: 'DaemonSet', hostNetwork: true })
  const block = policy('shop/db', INGRESS('[{ipBlock: {cidr: 192.168.0.0/16}}]'))
  const ask = (texts: readonly string[], assertion: object) => outcome([...SHOP, agent, ...texts], assertion)
  expect(ask([FROM_API], { from: 'shop/agent', to: 'shop/db', ports: [5432], expect: 'deny' })).toBe('passed')
  expect(ask([], { from: 'shop/agent', to: 'shop/db', ports: [5432], expect: 'allow' })).toBe('passed')
  expect(ask([block], { from: 'shop/agent', to: 'shop/db', ports: [5432], expect: 'deny' })).toMatch(/cannot be told/)
  expect(ask([block], { from: ['shop/agent', 'shop/web'], to: 'shop/db', ports: [5432], expect: 'deny' })).toMatch(
    /cannot be told from files: shop\/agent is on the network of its node/,
  )
  expect(ask([block], { to: 'shop/db', ports: [5432], only: ['192.168.0.0/16', 'shop/agent'] })).toMatch(
    /cannot be told from files/,
  )
  expect(ask([], { to: 'shop/agent', only: [] })).toMatch(/who reaches it cannot be told from policies/)
  expect(ask([], { from: 'shop/agent', atMost: [] })).toMatch(/no policy governs where it connects to/)
})

test('the own node never counts in only, and always reaches its pod', () => {
  const own = [node('n1', '192.168.10.1', '10.244.1.0/24'), pod('shop/db', '10.244.1.5', { spec: { nodeName: 'n1' } })]
  const block = policy('shop/db', INGRESS('[{ipBlock: {cidr: 192.168.10.1/32}}]'))
  expect(outcome([...own, block], { to: 'shop/db', ports: [5432], only: [] })).toBe('passed')
  expect(outcome([...own, block], { from: '192.168.10.1', to: 'shop/db', ports: [5432], expect: 'allow' })).toBe(
    'passed',
  )
  expect(
    outcome([...own, policy('shop/db', INGRESS('[{ipBlock: {cidr: 192.168.10.0/30}}]'))], {
      to: 'shop/db',
      ports: [5432],
      only: [],
    }),
  ).toBe('192.168.10.0 → shop/db is allowed on TCP 5432')
})

test('a selector on a label of which no file says the value cannot be told', () => {
  const byHash = policy('shop/db', INGRESS('[{podSelector: {matchLabels: {pod-template-hash: abc}}}]'))
  const ask = (from: unknown, expect: string) =>
    outcome([...SHOP, byHash], { from, to: 'other/job', ports: [5432], expect })
  const toDb = (assertion: object) => outcome([...SHOP, byHash], { to: 'shop/db', ports: [5432], ...assertion })
  expect(toDb({ from: 'shop/api', expect: 'deny' })).toMatch(/cannot be told/)
  expect(toDb({ from: 'shop/api', expect: 'allow' })).toMatch(/cannot be told/)
  expect(toDb({ from: { not: 'outside' }, expect: 'deny' })).toMatch(/cannot be told from files: a selector asks/)
  expect(toDb({ only: [] })).toMatch(/not in the input|cannot be told/)
  // Where the answer is the same whatever the value is, explain says so.
  expect(ask('shop/api', 'allow')).toBe('passed')
})
