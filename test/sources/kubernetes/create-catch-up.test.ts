import { expect, test } from 'vitest'
import { type FakeApi, sendStatus, startFakeApi } from './fake-api.ts'
import { bookmarkLine, namespace, pod, policy } from './fake-objects.ts'
import { eventually, follow, type Following } from './follow.ts'

const KINDS = ['networkpolicies', 'namespaces'] as const

/** All three kinds told, then pods alone go on: their version is ahead of the others' by far. */
async function start(): Promise<{ api: FakeApi; following: Following; ask: () => { isTold: boolean } }> {
  const api = await startFakeApi()
  api.resource('namespaces').put(namespace('shop'))
  api.resource('networkpolicies').put(policy('deny'))
  api.resource('pods').put(pod('web'))
  const following = follow(api)
  await following.synced()
  api.resource('pods').write(bookmarkLine('900'))
  await eventually(() => expect(following.stream('pods').resourceVersion).toBe('900'))
  return {
    api,
    following,
    ask() {
      const asked = { isTold: false }
      void following.source.caughtUp?.('shop').then(() => {
        asked.isTold = true
      })
      return asked
    },
  }
}

/** What the API has from here on the open watch does not say. */
function freeze(api: FakeApi, plural: (typeof KINDS)[number]): { thaw(): void } {
  const { watchers } = api.resource(plural)
  const writes = watchers.map(({ response }) => response.write)
  const kept: (() => void)[] = []
  for (const { response } of watchers) {
    response.write = ((text: string) => {
      kept.push(() => response.write(text))
      return true
    }) as typeof response.write
  }
  return {
    thaw() {
      for (const [index, { response }] of watchers.entries()) response.write = writes[index] ?? response.write
      for (const say of kept) say()
    },
  }
}

const aWhile = () => new Promise((resolve) => setTimeout(resolve, 150))

test('watches that are as new as the pod are taken at their word, and nothing is listed', async () => {
  const { api, following, ask } = await start()
  for (const plural of KINDS) {
    api.resource(plural).write(bookmarkLine('900'))
    await eventually(() => expect(following.stream(plural).resourceVersion).toBe('900'))
  }
  const asked = ask()
  await eventually(() => expect(asked.isTold).toBe(true))
  for (const plural of KINDS) expect(api.listsOf(plural)).toEqual([])
})

test('watches that have told all that a list shows are up to date, whatever their version', async () => {
  const { api, ask } = await start()
  const asked = ask()
  await eventually(() => expect(asked.isTold).toBe(true))
  for (const plural of KINDS) expect(api.listsOf(plural)).toHaveLength(1)
})

test.each([
  ['a policy that came', 'networkpolicies', (api: FakeApi) => api.resource('networkpolicies').put(policy('late'))],
  ['a policy that went', 'networkpolicies', (api: FakeApi) => api.resource('networkpolicies').remove(policy('deny'))],
  ['other labels', 'namespaces', (api: FakeApi) => api.resource('namespaces').put(namespace('shop', { team: 'a' }))],
] as const)('%s is waited for until the watch says it', async (_, plural, change) => {
  const { api, following, ask } = await start()
  const { thaw } = freeze(api, plural)
  change(api)
  const asked = ask()
  await eventually(() => expect(api.listsOf(plural)).toHaveLength(1))
  await aWhile()
  expect(asked.isTold).toBe(false)
  const before = following.changes.length
  thaw()
  await eventually(() => expect(asked.isTold).toBe(true))
  expect(following.changes.length).toBeGreaterThan(before)
})

test('a list that is refused is asked for again; meanwhile nobody is told', async () => {
  const { api, ask } = await start()
  for (let times = 0; times < 3; times += 1) {
    api.answerNext('networkpolicies', 'list', (__, response) => sendStatus(response, 500, 'InternalError', 'no'))
  }
  const asked = ask()
  await eventually(() => expect(asked.isTold).toBe(true))
  expect(api.listsOf('networkpolicies')).toHaveLength(4)
})

test('who asks while a list runs waits for the next one, all of them for the same', async () => {
  const { api, ask } = await start()
  const first = Promise.withResolvers<void>()
  api.answerNext('networkpolicies', 'list', (__, response) => {
    void first.promise.then(() => sendStatus(response, 500, 'InternalError', 'no'))
  })
  const asked = [ask()]
  await eventually(() => expect(api.listsOf('networkpolicies')).toHaveLength(1))
  asked.push(ask(), ask(), ask())
  first.resolve()
  await eventually(() => expect(asked.map(({ isTold }) => isTold)).toEqual([true, true, true, true]))
  // The refused one, the first again, and one for the other three.
  expect(api.listsOf('networkpolicies')).toHaveLength(3)
})
