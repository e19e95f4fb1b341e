import { expect, test } from 'vitest'
import { flowOf } from './flows-of.ts'
import { SHOP, suggest } from './suggest.ts'

test('one policy for each end of a flow, by the labels of the workload’s own selector, audited', () => {
  const { written, opens, missing } = suggest(SHOP, [flowOf('shop/web', 'shop/db', '5432/TCP')])
  expect([...written.values()]).toEqual([
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'suggested-db-ingress', namespace: 'shop', annotations: { 'selvedge.io/mode': 'audit' } },
      spec: {
        podSelector: { matchLabels: { app: 'db' } },
        policyTypes: ['Ingress'],
        ingress: [
          { from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ protocol: 'TCP', port: 5432 }] },
        ],
      },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'suggested-web-egress', namespace: 'shop', annotations: { 'selvedge.io/mode': 'audit' } },
      spec: {
        podSelector: { matchLabels: { app: 'web' } },
        policyTypes: ['Egress'],
        egress: [{ to: [{ podSelector: { matchLabels: { app: 'db' } } }], ports: [{ protocol: 'TCP', port: 5432 }] }],
      },
    },
  ])
  expect({ opens, missing }).toEqual({ opens: [], missing: [] })
})

test('DNS is one rule, by UDP and TCP, also where the input has no DNS pod; what TCP opens is told', () => {
  const flows = [
    flowOf('shop/web', 'Deployment kube-system/coredns', '53/UDP'),
    flowOf('shop/web', 'shop/db', '53/TCP'),
  ]
  const { written, opens, yaml } = suggest(SHOP, flows)
  expect(written.get('suggested-web-egress')?.spec.egress).toEqual([
    {
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
          podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
        },
      ],
      ports: [
        { protocol: 'TCP', port: 53 },
        { protocol: 'UDP', port: 53 },
      ],
    },
    { to: [{ podSelector: { matchLabels: { app: 'db' } } }], ports: [{ protocol: 'TCP', port: 53 }] },
  ])
  expect(yaml).toContain('    # DNS\n    - to:')
  expect(opens).toEqual(['shop/web → kube-system/coredns 53/TCP'])
})

test('nodes and addresses outside are blocks of one address, with a comment that says what was seen', () => {
  const flows = [
    flowOf('node worker-1', 'shop/web', '80/TCP', { count: 1 }),
    flowOf('203.0.113.7', 'shop/web', '80/TCP'),
  ]
  const { written, yaml, opens } = suggest(SHOP, flows)
  expect(written.get('suggested-web-ingress')?.spec.ingress).toEqual([
    {
      from: [{ ipBlock: { cidr: '192.168.0.7/32' } }, { ipBlock: { cidr: '203.0.113.7/32' } }],
      ports: [{ protocol: 'TCP', port: 80 }],
    },
  ])
  expect(yaml).toContain('        # node worker-1, seen once\n        - ipBlock:\n            cidr: 192.168.0.7/32\n')
  expect(yaml).toContain('        # outside, seen 3 times\n        - ipBlock:\n            cidr: 203.0.113.7/32\n')
  expect(opens).toEqual([])
})

test('16 ports to one peer stand one by one; with one more the port is left out, said above the rule and told', () => {
  const flows = (size: number) =>
    Array.from({ length: size }, (_, index) => flowOf('shop/web', 'shop/db', `${7000 + 2 * index}/TCP`))
  const few = suggest(SHOP, flows(16))
  expect(few.written.get('suggested-db-ingress')?.spec.ingress).toMatchObject([{ ports: { length: 16 } }])
  expect(few.opens).toEqual([])
  const many = suggest(SHOP, [...flows(17), flowOf('shop/web', 'shop/db', '53/UDP')])
  expect(many.written.get('suggested-db-ingress')?.spec.ingress).toMatchObject([
    { ports: [{ protocol: 'TCP' }, { protocol: 'UDP', port: 53 }] },
  ])
  expect(many.yaml).toContain('    # more than 16 ports of TCP were seen: every port of it\n    - from:')
  expect(many.opens).toContain('shop/web → shop/db 0-6999/TCP')
  expect(many.opens).toContain('shop/web → shop/db 7033-65535/TCP')
  expect(many.opens.filter((text) => text.includes('UDP'))).toEqual([])
})

test('a ping needs a rule without ports, and all that it opens is told', () => {
  const { written, yaml, opens } = suggest(SHOP, [flowOf('shop/web', 'shop/db', 'ping')])
  expect(written.get('suggested-db-ingress')?.spec.ingress).toEqual([
    { from: [{ podSelector: { matchLabels: { app: 'web' } } }] },
  ])
  expect(yaml).toContain(
    '# ICMP or another protocol without ports was seen, which a policy can allow only with every port',
  )
  const each = ['*/SCTP', '*/TCP', '*/UDP'].map((ports) => `shop/web → shop/db ${ports}`)
  expect(opens).toEqual([...each, ...each])
})

test('what was denied, answered too late, or seen of a pod to itself, is not there', () => {
  const flows = [
    flowOf('shop/web', 'shop/db', '1/TCP', { verdict: 'denied', direction: 'ingress' }),
    flowOf('shop/web', 'shop/db', '2/TCP', { lateAnswer: true }),
    { ...flowOf('shop/web', 'shop/web', '3/TCP'), destination: flowOf('shop/web', 'shop/web', '3/TCP').source },
  ]
  const { written, missing, used } = suggest(SHOP, flows)
  expect({ policies: written.size, missing, used }).toEqual({ policies: 0, missing: [], used: 0 })
})

test('an end that cannot be named is told, and never an ipBlock', () => {
  const bare = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare', namespace: 'ops' } })
  const flows = [
    flowOf('gone 10.244.3.9', 'shop/db', '5432/TCP'),
    flowOf('gone 10.244.3.8', 'shop/db', '5432/TCP'),
    flowOf('ops/cron', 'shop/db', '5432/TCP'),
    flowOf('shop/web', 'shop/db', '5433/TCP', { uncertain: true }),
    flowOf('shop/web', 'shop/db', '5434/TCP', { direction: 'unknown' }),
    {
      ...flowOf('ops/bare', 'shop/db', '1/TCP'),
      source: { kind: 'pod', namespace: 'ops', name: 'bare', address: '10.244.9.1' } as const,
    },
  ]
  const { written, missing, suggestion } = suggest(`${SHOP}${bare}`, flows)
  expect(written.size).toBe(0)
  expect(missing).toEqual([
    '10.244.3.9 → shop/db: who had that address has gone',
    'ops/cron → shop/db: ops/cron is not in the input',
    'shop/web → shop/db: an address has changed hands since it was seen',
    'shop/web → shop/db: which end asked is not known',
    'ops/bare → shop/db: ops/bare has no label that lasts, by which a policy could name it',
  ])
  expect(suggestion.missing.map(({ flows: number, count }) => [number, count])).toEqual([
    [2, 6],
    [1, 3],
    [1, 3],
    [1, 3],
    [1, 3],
  ])
})

test('what perhaps never arrived opens nothing: it is told, or denied as it was', () => {
  const flows = [flowOf('shop/web', 'shop/db', '5432/TCP', { unconfirmed: true })]
  const { written, missing } = suggest(SHOP, flows)
  expect({ policies: written.size, missing }).toEqual({
    policies: 0,
    missing: ['shop/web → shop/db: its receiver’s node has not told that it let it in'],
  })
  const policy = {
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    metadata: { name: 'db', namespace: 'shop' },
  }
  const closed = JSON.stringify({ ...policy, spec: { podSelector: { matchLabels: { app: 'db' } } } })
  const guarded = suggest(`${SHOP}${closed}`, flows)
  expect([guarded.missing, guarded.denied]).toEqual([[], ['shop/web → shop/db: denied by today’s policies']])
})

test('a direction in which nothing was seen has no policy, unless it is to be closed', () => {
  const flows = [flowOf('shop/web', 'shop/db', '5432/TCP')]
  expect([...suggest(SHOP, flows).written.keys()]).toEqual(['suggested-db-ingress', 'suggested-web-egress'])
  const { written } = suggest(SHOP, flows, true)
  expect([...written.keys()]).toEqual([
    'suggested-db-ingress',
    'suggested-db-egress',
    'suggested-web-ingress',
    'suggested-web-egress',
  ])
  expect(written.get('suggested-db-egress')?.spec).toEqual({
    podSelector: { matchLabels: { app: 'db' } },
    policyTypes: ['Egress'],
  })
})

test('a direction that policies isolate stays as it is, and what they deny today is not opened again', () => {
  const closed = `---\n${JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'mine', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] },
  })}`
  const { written, missing, denied, without } = suggest(SHOP + closed, [flowOf('shop/web', 'shop/db', '5432/TCP')])
  expect(written.size).toBe(0)
  expect(denied).toEqual(['shop/web → shop/db: denied by today’s policies'])
  expect(missing).toEqual([])
  expect(without).toEqual(['shop/db: its ingress is isolated by policies that stand'])
})

test('equal flows give equal bytes, in any order and however often', () => {
  const flows = [
    flowOf('shop/web', 'shop/db', '5432/TCP'),
    flowOf('203.0.113.7', 'shop/web', '80/TCP'),
    flowOf('shop/web', 'Deployment kube-system/coredns', '53/UDP'),
  ]
  expect(suggest(SHOP, flows.toReversed()).yaml).toBe(suggest(SHOP, flows).yaml)
})

test('what a file of flows calls a node cannot get out of its comment', () => {
  const flow = flowOf('node x', 'shop/web', '80/TCP')
  const name = 'x\n        - ipBlock: {cidr: 0.0.0.0/0}\u001b[2J'
  const { written, yaml } = suggest(SHOP, [{ ...flow, source: { kind: 'node', name, address: '192.168.0.7' } }])
  expect(written.get('suggested-web-ingress')?.spec.ingress).toMatchObject([
    { from: [{ ipBlock: { cidr: '192.168.0.7/32' } }] },
  ])
  expect(yaml).not.toContain('\u001b')
  expect(yaml).toContain('# node x\\u{a}        - ipBlock: {cidr: 0.0.0.0/0}\\u{1b}[2J, seen 3 times')
})
