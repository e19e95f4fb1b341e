import { expect, test } from 'vitest'
import { createCluster } from '../../compiler/cluster/create-cluster.ts'
import { createDeniedRow } from '../../compiler/flows/denied-row.ts'
import { foldRows } from '../../compiler/flows/fold-rows.ts'
import type { Workload } from '../../compiler/objects/objects.ts'
import type { SeenFlow } from '../../compiler/flows/seen-flow.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { deniedJson } from '../../src/views/denied-json.ts'
import { deniedText } from '../../src/views/denied-text.ts'

const pod = (name: string, ip: string, app: string, more = '') => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${app}, pod-template-hash: 5d4f8c7b9d}, creationTimestamp: "2026-01-01T10:00:00Z"${more}}
spec: {nodeName: a, containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}
status: {podIP: ${ip}}
`

const OWNED =
  ', ownerReferences: [{kind: ReplicaSet, name: web-5d4f8c7b9d, controller: true, apiVersion: apps/v1, uid: u}]'

const CLUSTER = `${pod('web-1', '10.0.0.1', 'web', OWNED)}${pod('web-2', '10.0.0.2', 'web', OWNED)}${pod('db', '10.0.0.3', 'db')}---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Node
metadata: {name: b}
spec: {podCIDR: 10.0.1.0/24}
status: {addresses: [{type: InternalIP, address: 192.0.2.7}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]}
`

const { objects, others } = readObjects([{ file: 'shop.yaml', text: CLUSTER }], { defaultNamespace: 'default' })
const cluster = createCluster(objects, others)

const flow = (source: string, destination: string, port: number, some: Partial<SeenFlow> = {}): SeenFlow => ({
  node: 'a',
  source,
  destination,
  carries: { protocol: 'TCP', port },
  directed: true,
  packets: 3,
  lastAge: 10,
  firstAge: 100,
  ...some,
})
const NOON = Date.parse('2026-01-01T12:00:00Z')
const rowOf = (seen: SeenFlow, now = NOON) =>
  createDeniedRow(cluster, [seen])(seen, (age) => new Date(now - age * 1000).toISOString())

test('names, the Service that leads there, the policy with its place, and what misses', () => {
  const row = rowOf(flow('10.0.0.1', '10.0.0.3', 8080))
  expect(row.services).toEqual([{ namespace: 'shop', name: 'db', port: 80 }])
  expect(row.why).toMatchObject({ kind: 'denied', direction: 'ingress', policies: ['shop/db'] })
  expect(deniedText([row], [], false, { width: 200 })).toBe(
    `${[
      'LAST  FIRST  COUNT  FROM      TO                           PORT      WHY',
      '10s   100s   3      shop/web  shop/db (by svc/shop/db:80)  8080/TCP  ingress of shop/db: shop/db ingress[0]: shop/web-1 has app=web, not app=api (shop.yaml:34)',
      '',
      '→ selvedge explain shop/web shop/db 8080',
    ].join('\n')}\n`,
  )
})

test('a node is called so, by its address or by that of its tunnel; an address of nobody stays one', () => {
  expect(rowOf(flow('192.0.2.7', '10.0.0.3', 8080)).from).toMatchObject({ kind: 'node', name: 'b' })
  expect(rowOf(flow('10.0.1.0', '10.0.0.3', 8080)).from).toMatchObject({ kind: 'node', name: 'b' })
  expect(rowOf(flow('203.0.113.9', '10.0.0.3', 8080)).from).toEqual({ kind: 'address', address: '203.0.113.9' })
})

test('an answer that may have come too late stands apart: to a port of clients, where the way back is allowed', () => {
  const late = { carries: { protocol: 'UDP', port: 40_000 } } as const
  const server = rowOf(flow('10.0.0.1', '10.0.0.3', 0, late))
  expect(server.lateAnswer).toBe(true)
  // A low port is asked for; and whoever is nobody's pod cannot be told from a client.
  expect(rowOf(flow('10.0.0.1', '10.0.0.3', 8080)).lateAnswer).toBe(false)
  expect(rowOf(flow('203.0.113.9', '10.0.0.3', 0, late)).lateAnswer).toBe(false)
  const text = deniedText([server, rowOf(flow('10.0.0.2', '10.0.0.3', 8080))], [], false, { width: 200 })
  expect(text.indexOf('8080/TCP')).toBeLessThan(text.indexOf('Probably answers'))
  expect(text.indexOf('Probably answers')).toBeLessThan(text.indexOf('40000/UDP'))
})

test('a high port that the pod declares, or to which a Service leads, is a connection that was denied', () => {
  // That the way back is allowed is true of each.
  const late = (text: string) => {
    const read = readObjects([{ file: 'shop.yaml', text }], { defaultNamespace: 'default' })
    const one = flow('10.0.0.1', '10.0.0.3', 50_051)
    return createDeniedRow(createCluster(read.objects, read.others), [one])(one, () => '').lateAnswer
  }
  expect(late(CLUSTER)).toBe(true)
  expect(late(CLUSTER.replaceAll('{name: http, containerPort: 8080}', '{containerPort: 50051}'))).toBe(false)
  expect(late(CLUSTER.replace('targetPort: http', 'targetPort: 50051'))).toBe(false)
})

test('where a pod is younger than the flow, another may have been meant', () => {
  expect(rowOf(flow('10.0.0.1', '10.0.0.3', 8080)).uncertain).toBe(false)
  expect(rowOf(flow('10.0.0.1', '10.0.0.3', 8080, { firstAge: 7_300 })).uncertain).toBe(true)
})

const gone = (name: string, workload?: Workload) => ({ namespace: 'shop', name, uid: 'gone', createdAt: '', workload })
const WEB = { kind: 'Deployment', name: 'web' } as const

test('a pod that is gone keeps its name, and is judged as its workload is now', () => {
  const row = rowOf(flow('10.0.0.77', '10.0.0.3', 8080, { formerSource: gone('web-0', WEB) }))
  expect(row.from).toMatchObject({ kind: 'pod', name: 'web-0', gone: true })
  expect(row.why).toMatchObject({ kind: 'denied', direction: 'ingress', policies: ['shop/db'] })
  expect(deniedText([row], [], false, { width: 200 })).toContain('shop/web  shop/db')
  expect(deniedText([row], [], true, { width: 200 })).toContain('shop/web-0 (gone)  shop/db')
  expect(deniedJson(row)).toMatchObject({ source: { name: 'web-0', gone: true } })
})

test('where nobody of its workload is left, it says so, and blames nobody who has the address now', () => {
  // The address is web-1's by now; nor is an older pod of the same name the present one.
  for (const name of ['migrate', 'web-1']) {
    const row = rowOf(flow('10.0.0.1', '10.0.0.3', 8080, { formerSource: gone(name, { kind: 'Job', name }) }))
    expect(row).toMatchObject({ why: { kind: 'gone', who: `shop/${name}` }, uncertain: false, lateAnswer: false })
    expect(deniedText([row], [], false, { width: 200 })).toContain(`shop/${name} is gone`)
    expect(deniedJson(row)).toMatchObject({ policies: [], reason: `shop/${name} is gone` })
  }
})

test('where the agent knows what it was, it is judged as that, at whatever address, and nothing is to be explained', () => {
  const job = { ...gone('migrate', { kind: 'Job', name: 'migrate' }), labels: { app: 'migrate' } }
  // Its own, which nobody has, and one that is another pod's by now.
  for (const address of ['10.0.0.77', '10.0.0.1']) {
    const row = rowOf(flow(address, '10.0.0.3', 8080, { formerSource: job }))
    expect(row.from).toMatchObject({ kind: 'pod', name: 'migrate', address, gone: true })
    expect(row.why).toMatchObject({ kind: 'denied', direction: 'ingress', policies: ['shop/db'] })
    const text = deniedText([row], [], false, { width: 200 })
    expect(text).toContain('shop/db ingress[0]: shop/migrate has app=migrate, not app=api')
    expect(text).not.toContain('→')
  }
  const api = { ...job, labels: { app: 'api' } }
  expect(rowOf(flow('10.0.0.77', '10.0.0.3', 8080, { formerSource: api })).why).toEqual({ kind: 'allowed now' })
  // Two at once, and as a receiver, by the port that it named.
  const receiver = {
    ...gone('db-0'),
    labels: { app: 'db' },
    ports: [{ name: 'http', protocol: 'TCP', number: 9090 }],
  } as const
  const both = rowOf(flow('10.0.0.77', '10.0.0.78', 9090, { formerSource: job, formerDestination: receiver }))
  expect(both.why).toMatchObject({ kind: 'denied', direction: 'ingress', policies: ['shop/db'] })
})

test('a pod that has its address again, by what is read later, is not gone', () => {
  const former = { ...gone('db'), uid: '' }
  const row = rowOf(flow('10.0.0.1', '10.0.0.3', 8080, { formerDestination: former }))
  expect(row.to).not.toHaveProperty('gone')
  expect(row.why).toMatchObject({ kind: 'denied', direction: 'ingress' })
})

test('pods of one workload are one line, and no packet is lost or counted twice', () => {
  const rows = [flow('10.0.0.1', '10.0.0.3', 8080), flow('10.0.0.2', '10.0.0.3', 8080, { packets: 4, lastAge: 5 })]
  // Each says of itself what misses; so they stay apart where that differs, and are one where it does not.
  const same = rows.map((one) => ({ ...rowOf(one), why: { kind: 'allowed now' } as const }))
  expect(foldRows(same)).toMatchObject([{ packets: 7, lastAge: 5, firstAge: 100 }])
})

test('hostile names move no cursor', () => {
  const row = rowOf(flow('10.0.0.1', '10.0.0.3', 8080))
  const hostile = { ...row, from: { ...row.from, name: 'a\u001b[2Jb', workload: undefined } } as typeof row
  expect(deniedText([hostile], [], true, { width: 100 })).not.toContain('\u001b')
})

test('where lines are too long why stands below, whole, and names stay whole', () => {
  const row = rowOf(flow('10.0.0.1', '10.0.0.3', 8080))
  expect(deniedText([row], [], false, { width: 80, program: 'kubectl selvedge' })).toBe(
    `${[
      'LAST  FIRST  COUNT  FROM      TO       PORT',
      '10s   100s   3      shop/web  shop/db  8080/TCP',
      '      by svc/shop/db:80; ingress of shop/db: shop/db ingress[0]: shop/web-1 has',
      '        app=web, not app=api (shop.yaml:34)',
      '',
      '→ kubectl selvedge explain shop/web shop/db 8080',
    ].join('\n')}\n`,
  )
})

test('a source of too many flows is a line of its own', () => {
  const many = { flows: 3_000, ports: 1, addresses: 3_000, packets: 9_000, lastAge: 3 }
  const from = { kind: 'node', name: 'b\u001b[2J', address: '192.0.2.7' } as const
  expect(deniedText([], [{ from, ...many }], false, { width: 80 })).toBe(
    `${[
      'Too many to be kept one by one, as of a scan of ports:',
      'node b\\u{1b}[2J (192.0.2.7): 3,000 flows to 1 port of 3,000 addresses, 9,000',
      '  packets, the last 3s ago',
    ].join('\n')}\n`,
  )
})

test('nothing is said in words', () => {
  expect(deniedText([], [], false, { width: 80 })).toBe('nothing was denied\n')
})
