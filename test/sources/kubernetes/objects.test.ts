import { expect, test } from 'vitest'
import { type FakeApi, startFakeApi } from './fake-api.ts'
import { eventLine, namespace, pod, policy } from './fake-objects.ts'
import { eventually, follow, type Following } from './follow.ts'

async function start(fill: (api: FakeApi) => void = () => {}): Promise<{ api: FakeApi; following: Following }> {
  const api = await startFakeApi()
  fill(api)
  const following = follow(api)
  await following.synced()
  return { api, following }
}

const UNREADABLE = { podSelector: { matchExpressions: [{ key: 'app', operator: 'Maybe' }] } }
const severities = (following: Following, of: string): readonly string[] =>
  (following.problems.get(of) ?? []).map(({ code }) => code)

test('what only the kubelet cares about is told to nobody', async () => {
  const { api, following } = await start((fake) => fake.resource('pods').put(pod('web')))
  const before = following.calls.length
  for (let times = 0; times < 50; times += 1) {
    api
      .resource('pods')
      .put({ ...pod('web'), status: { phase: 'Running', podIPs: [{ ip: '10.244.0.5' }], startTime: `${times}` } })
  }
  api.resource('pods').put(pod('web', { ip: '10.244.0.9' }))
  await eventually(() => expect(following.object('Pod shop/web')).toMatchObject({ addresses: ['10.244.0.9'] }))
  expect(following.calls.slice(before)).toEqual([1])
  expect(following.stream('pods').resourceVersion).toBe(api.resource('pods').version())
})

test.each([
  ['labels', pod('web', { labels: { app: 'other' } })],
  ['an address', pod('web', { ip: '10.244.0.77' })],
  ['its node', { ...pod('web'), spec: { ...(pod('web')['spec'] as object), nodeName: 'node2' } }],
  [
    'a port',
    {
      ...pod('web'),
      spec: { nodeName: 'node1', containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 81 }] }] },
    },
  ],
  ['its deletion', { ...pod('web'), metadata: { ...pod('web').metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }],
  ['its uid', { ...pod('web'), metadata: { ...pod('web').metadata, uid: 'another' } }],
  ['its age', { ...pod('web'), metadata: { ...pod('web').metadata, creationTimestamp: '2026-01-01T00:00:00Z' } }],
  ['the host network', { ...pod('web'), spec: { ...(pod('web')['spec'] as object), hostNetwork: true } }],
])('a pod that changes %s is told', async (_, changed) => {
  const { api, following } = await start((fake) => fake.resource('pods').put(pod('web')))
  const before = following.changes.length
  api.resource('pods').put(changed)
  await eventually(() => expect(following.changes).toHaveLength(before + 1))
})

test('a pod that finishes leaves by a removal', async () => {
  const { api, following } = await start((fake) => fake.resource('pods').put(pod('job')))
  api.resource('pods').put(pod('job', { phase: 'Succeeded' }))
  await eventually(() =>
    expect(following.changes.at(-1)).toEqual({ type: 'remove', kind: 'Pod', namespace: 'shop', name: 'job' }),
  )
})

test('a namespace is removed by its name alone', async () => {
  const { api, following } = await start((fake) => fake.resource('namespaces').put(namespace('shop')))
  api.resource('namespaces').remove(namespace('shop'))
  await eventually(() =>
    expect(following.changes.at(-1)).toEqual({ type: 'remove', kind: 'Namespace', namespace: '', name: 'shop' }),
  )
})

test('a policy whose podSelector becomes unreadable closes its namespace, as after a restart, until it is readable', async () => {
  const { api, following } = await start((fake) => fake.resource('networkpolicies').put(policy('deny')))
  const before = following.changes.length
  api.resource('networkpolicies').put(policy('deny', UNREADABLE))
  await eventually(() => expect(severities(following, 'NetworkPolicy shop/deny')).toContain('namespace-closed'))
  expect(following.object('NetworkPolicy shop/deny')).toMatchObject({
    podSelector: { key: '' },
    ingress: { kind: 'closed' },
  })
  const { following: restarted } = await start((fake) =>
    fake.resource('networkpolicies').put(policy('deny', UNREADABLE)),
  )
  expect(restarted.object('NetworkPolicy shop/deny')).toEqual(following.object('NetworkPolicy shop/deny'))
  expect(restarted.problems).toEqual(following.problems)
  api.resource('networkpolicies').put(policy('deny', { podSelector: { matchLabels: { app: 'web' } } }))
  await eventually(() => expect(following.changes).toHaveLength(before + 2))
  expect(following.problems.size).toBe(0)
})

test('it stays closed through a 410, and is forgotten when the policy goes', async () => {
  const { api, following } = await start((fake) => fake.resource('networkpolicies').put(policy('deny')))
  const policies = api.resource('networkpolicies')
  policies.put(policy('deny', UNREADABLE))
  await eventually(() => expect(following.problems.size).toBe(1))
  policies.compact()
  policies.endWatches('cut')
  await eventually(() => expect(following.stream('networkpolicies').relists).toEqual({ expired: 1 }))
  await eventually(() => expect(following.stream('networkpolicies').connected).toBe(true))
  policies.put(policy('other'))
  await eventually(() => expect(following.objects()).toContain('NetworkPolicy shop/other'))
  expect(following.object('NetworkPolicy shop/deny')).toMatchObject({ ingress: { kind: 'closed' } })
  expect(severities(following, 'NetworkPolicy shop/deny')).toContain('namespace-closed')
  policies.remove(policy('deny'))
  await eventually(() => expect(following.problems.size).toBe(0))
  expect(following.objects()).not.toContain('NetworkPolicy shop/deny')
})

test('a policy with a rule that cannot be compiled is told closed, with its problem', async () => {
  const spec = { podSelector: {}, ingress: [{ ports: [{ port: 70000 }] }] }
  const { following } = await start((fake) => fake.resource('networkpolicies').put(policy('odd', spec)))
  expect(following.object('NetworkPolicy shop/odd')).toMatchObject({ ingress: { kind: 'closed' } })
  expect(following.problems.get('NetworkPolicy shop/odd')).toHaveLength(1)
})

test.each([
  ['null', null],
  ['a number', 7],
  ['a list', []],
  ['an object without anything', {}],
  ['a name that is a number', { metadata: { name: 5, namespace: 'shop' } }],
  ['labels that are a list', { metadata: { name: 'odd', namespace: 'shop', labels: ['app'] } }],
  ['a spec that is a text', { metadata: { name: 'odd', namespace: 'shop' }, spec: 'x' }],
  ['metadata that is a number', { metadata: 5 }],
])('a malformed object never stops the watch: %s', async (_, object) => {
  const { api, following } = await start()
  for (const plural of ['pods', 'networkpolicies', 'namespaces']) {
    for (const type of ['ADDED', 'MODIFIED', 'DELETED'] as const) api.resource(plural).write(eventLine(type, object))
  }
  api.resource('pods').put(pod('after'))
  api.resource('networkpolicies').put(policy('after'))
  api.resource('namespaces').put(namespace('after'))
  await eventually(() =>
    expect(following.objects()).toEqual(
      expect.arrayContaining(['Namespace after', 'NetworkPolicy shop/after', 'Pod shop/after']),
    ),
  )
  for (const { restarts, relists } of following.source.status().streams) expect({ ...restarts, ...relists }).toEqual({})
})

test('a malformed item of a list is reported, and the others count', async () => {
  const api = await startFakeApi()
  api.initialEvents = 'refused'
  api.answerNext('pods', 'list', (_, response) => {
    response.end(
      JSON.stringify({ metadata: { resourceVersion: '7' }, items: [null, pod('web'), 'text', { metadata: {} }] }),
    )
  })
  const following = follow(api)
  await following.synced()
  expect(following.objects()).toEqual(['Pod shop/web'])
  expect(following.problems.has('Pod without a name')).toBe(true)
})

test('a problem that stays is told once', async () => {
  const odd = pod('odd', { ip: '010.0.0.1' })
  const { api, following } = await start((fake) => fake.resource('pods').put(odd))
  expect(severities(following, 'Pod shop/odd')).toEqual(['leading-zeros'])
  for (let times = 0; times < 5; times += 1) api.resource('pods').put({ ...odd, times })
  api.resource('pods').put(pod('next'))
  await eventually(() => expect(following.objects()).toContain('Pod shop/next'))
  expect(following.toldProblems()).toBe(1)
})

test('equal labels of many pods are one in memory', async () => {
  const labels = { app: 'web' }
  const { api, following } = await start((fake) => fake.resource('pods').put(pod('one', { labels })))
  api.resource('pods').put(pod('two', { labels: { ...labels } }))
  await eventually(() => expect(following.objects()).toHaveLength(2))
  const [one, two] = ['one', 'two'].map((name) => following.object(`Pod shop/${name}`))
  expect(one?.kind === 'Pod' && two?.kind === 'Pod' && one.labels === two.labels && one.ports === two.ports).toBe(true)
})

test('removals of what nobody knows are told to nobody', async () => {
  const { api, following } = await start()
  api.resource('pods').write(eventLine('DELETED', pod('ghost')))
  api.resource('pods').put(pod('web'))
  await eventually(() => expect(following.objects()).toEqual(['Pod shop/web']))
  expect(following.changes).toHaveLength(1)
})

test('events that arrive together are told together', async () => {
  const { api, following } = await start()
  const before = following.calls.length
  const line = (name: string, version: number): string =>
    eventLine('ADDED', { ...pod(name), metadata: { ...pod(name).metadata, resourceVersion: String(version) } })
  api.resource('pods').write(line('a', 201) + line('b', 202) + line('c', 203))
  await eventually(() => expect(following.objects()).toHaveLength(3))
  expect(following.calls.slice(before)).toEqual([3])
})
