import { expect, test } from 'vitest'
import { type FakeApi, sendStatus, startFakeApi } from './fake-api.ts'
import { bookmarkLine, type FakeObject, namespace, pod, policy } from './fake-objects.ts'
import { eventually, follow, type Following } from './follow.ts'

const at = (name: string) => ({ namespace: 'shop', name })

/** All is told; from here on the watch of pods does not come back. */
async function start(): Promise<{ api: FakeApi; following: Following; lookFor: (name: string) => Promise<string> }> {
  const api = await startFakeApi()
  api.resource('namespaces').put(namespace('shop'))
  api.resource('networkpolicies').put(policy('deny'))
  api.resource('pods').put(pod('web', { ip: '10.244.0.5' }))
  const following = follow(api, { timings: { firstBackoff: 60_000, longestBackoff: 60_000 }, random: () => 1 })
  await following.synced()
  return { api, following, lookFor: async (name) => String(await following.source.lookFor?.(at(name))) }
}

/** The watch breaks, and is refused when it comes back: it waits a minute. */
async function breakPods(api: FakeApi, following: Following): Promise<void> {
  api.answerNext('pods', 'watch', (_, response) => sendStatus(response, 500, 'InternalError', 'no'))
  api.resource('pods').endWatches('cut')
  await eventually(() => expect(following.stream('pods').connected).toBe(false))
}

test('a pod that its watch does not tell is told when it is asked for', async () => {
  const { api, following, lookFor } = await start()
  await breakPods(api, following)
  api.resource('pods').put(pod('db', { ip: '10.244.0.6' }))
  expect(await lookFor('db')).toBe('told')
  expect(following.object('Pod shop/db')).toMatchObject({ addresses: ['10.244.0.6'], uid: 'uid-db' })
  expect(api.getsOf('pods').map(({ of }) => of)).toEqual(['shop/db'])
})

test('one that is not there, has finished, or cannot be asked for is not told', async () => {
  const { api, following, lookFor } = await start()
  await breakPods(api, following)
  const before = following.changes.length
  expect(await lookFor('nobody')).toBe('none')
  api.answerNext('pods', 'get', (_, response) => void response.end(JSON.stringify(pod('job', { phase: 'Succeeded' }))))
  expect(await lookFor('job')).toBe('none')
  api.answerNext('pods', 'get', (_, response) => sendStatus(response, 500, 'InternalError', 'no'))
  expect(await lookFor('db')).toBe('failed')
  api.answerNext('pods', 'get', (_, response) => void response.end('{'))
  expect(await lookFor('db')).toBe('failed')
  expect(following.changes).toHaveLength(before)
})

test('what the watch says later of older forms is passed over, and of newer ones counts', async () => {
  const { api, following, lookFor } = await start()
  const pods = api.resource('pods')
  const { watchers } = pods
  const write = watchers[0]!.response.write.bind(watchers[0]!.response)
  const kept: string[] = []
  watchers[0]!.response.write = ((text: string) => kept.push(text) > 0) as typeof write
  // The one of this name goes, another comes and gets its address.
  pods.remove(pod('web'))
  const other = (ip: string): FakeObject => {
    const fresh = pod('web', { ip })
    return { ...fresh, metadata: { ...fresh.metadata, uid: 'uid-2' } }
  }
  pods.put(other('10.244.0.7'))
  pods.put(other('10.244.0.8'))
  expect(await lookFor('web')).toBe('told')
  expect(following.object('Pod shop/web')).toMatchObject({ uid: 'uid-2', addresses: ['10.244.0.8'] })
  const calls = following.calls.length
  pods.put(other('10.244.0.9'))
  for (const text of kept) write(text)
  await eventually(() => expect(following.object('Pod shop/web')).toMatchObject({ addresses: ['10.244.0.9'] }))
  expect(following.calls.length).toBe(calls + 1)
  write(bookmarkLine('900'))
  await eventually(() => expect(following.stream('pods').resourceVersion).toBe('900'))
  expect(await lookFor('web')).toBe('told')
  expect(following.calls.length).toBe(calls + 1)
})

test('of a pod that was asked for its policies are asked as of a newer one than the watches have told', async () => {
  const { api, following, lookFor } = await start()
  for (const plural of ['networkpolicies', 'namespaces']) api.resource(plural).write(bookmarkLine('105'))
  await eventually(() => expect(following.stream('namespaces').resourceVersion).toBe('105'))
  await eventually(() => expect(following.stream('networkpolicies').resourceVersion).toBe('105'))
  await breakPods(api, following)
  for (let times = 0; times < 9; times += 1) api.resource('pods').put(pod('db', { ip: `10.244.0.${10 + times}` }))
  await lookFor('db')
  await following.source.caughtUp?.('shop')
  expect(api.listsOf('networkpolicies')).toHaveLength(1)
})

test('twenty questions run at once, and no more', async () => {
  const { api, lookFor } = await start()
  const open: (() => void)[] = []
  for (let times = 0; times < 25; times += 1) {
    api.answerNext('pods', 'get', (_, response) => void open.push(() => response.end(JSON.stringify(pod('web')))))
  }
  const answers = Promise.all(Array.from({ length: 25 }, (_, index) => lookFor(`web-${index}`)))
  await eventually(() => expect(open).toHaveLength(20))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(open).toHaveLength(20)
  for (const close of open.splice(0)) close()
  await eventually(() => expect(open).toHaveLength(5))
  for (const close of open) close()
  expect(await answers).toHaveLength(25)
})
