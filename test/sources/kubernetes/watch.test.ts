import { describe, expect, test } from 'vitest'
import { type FakeApi, sendStatus, startFakeApi } from './fake-api.ts'
import { bookmarkLine, errorLine, eventLine, namespace, pod, policy } from './fake-objects.ts'
import { eventually, follow, type Following, type FollowOptions } from './follow.ts'

async function start(options: FollowOptions = {}): Promise<{ api: FakeApi; following: Following }> {
  const api = await startFakeApi()
  api.resource('namespaces').put(namespace('shop'))
  api.resource('networkpolicies').put(policy('deny'))
  api.resource('pods').put(pod('web'))
  const following = follow(api, options)
  await following.synced()
  return { api, following }
}

/** Watches of pods, the one of the initial events left out, as the versions that they go on from. */
function resumedFrom(api: FakeApi): readonly (string | null)[] {
  return api
    .watchesOf('pods')
    .flatMap(({ query }) => (query.has('sendInitialEvents') ? [] : [query.get('resourceVersion')]))
}

describe('goes on from the last version, without a list', () => {
  test('after a clean end, at once', async () => {
    const { api, following } = await start({ timings: { shortWatch: 0, firstBackoff: 60_000, longestBackoff: 60_000 } })
    api.resource('pods').put(pod('two'))
    await eventually(() => expect(following.objects()).toContain('Pod shop/two'))
    api.resource('pods').endWatches()
    api.resource('pods').put(pod('three'))
    await eventually(() => expect(following.objects()).toContain('Pod shop/three'))
    expect(resumedFrom(api)).toEqual(['102'])
    expect(following.stream('pods')).toMatchObject({ restarts: { closed: 1 }, relists: {}, connected: true })
    expect(api.listsOf('pods')).toEqual([])
  })

  test('after a cut in the middle of a line, which comes again whole', async () => {
    const { api, following } = await start()
    const late = { ...pod('late'), metadata: { ...pod('late').metadata, resourceVersion: '102' } }
    api.resource('pods').write(eventLine('ADDED', late).slice(0, 150))
    await new Promise((resolve) => setTimeout(resolve, 20))
    api.resource('pods').endWatches('cut')
    api.resource('pods').put(pod('late'))
    await eventually(() => expect(following.objects()).toContain('Pod shop/late'))
    expect(resumedFrom(api)).toEqual(['101'])
    expect(following.stream('pods')).toMatchObject({ restarts: { reset: 1 }, relists: {} })
    expect(following.changes.filter((change) => change.type === 'put' && change.object.name === 'late')).toHaveLength(1)
  })

  test('after a last line without its line feed, even if what is there were JSON', async () => {
    const { api, following } = await start()
    api.resource('pods').write(eventLine('ADDED', pod('half')).trimEnd())
    api.resource('pods').endWatches()
    await eventually(() => expect(api.watchesOf('pods')).toHaveLength(2))
    expect(following.objects()).not.toContain('Pod shop/half')
  })

  test('from a bookmark, which no event had shown', async () => {
    const { api, following } = await start()
    api.resource('pods').write(bookmarkLine('777'))
    await eventually(() => expect(following.stream('pods').resourceVersion).toBe('777'))
    api.resource('pods').endWatches('cut')
    await eventually(() => expect(resumedFrom(api)).toEqual(['777']))
  })

  test('after an ERROR event that is no 410, and tells what came before it', async () => {
    const { api, following } = await start()
    const late = { ...pod('late'), metadata: { ...pod('late').metadata, resourceVersion: '105' } }
    api
      .resource('pods')
      .write(eventLine('ADDED', late) + errorLine(500, 'InternalError', 'etcd event received with no value'))
    await eventually(() => expect(resumedFrom(api)).toEqual(['105']))
    expect(following.objects()).toContain('Pod shop/late')
    expect(following.stream('pods')).toMatchObject({ restarts: { 'status-500': 1 }, relists: {} })
  })

  test('after 500s, as often as they come', async () => {
    const { api, following } = await start()
    for (let times = 0; times < 4; times += 1) {
      api.answerNext('pods', 'watch', (_, response) => sendStatus(response, 500, 'InternalError', 'no'))
    }
    api.resource('pods').endWatches('cut')
    await eventually(() => expect(resumedFrom(api)).toEqual(['101', '101', '101', '101', '101']))
    await eventually(() => expect(following.stream('pods').connected).toBe(true))
    expect(following.stream('pods')).toMatchObject({ restarts: { reset: 1, 'status-500': 4 }, relists: {} })
  })

  test('when the API server was gone for a while', async () => {
    const { api, following } = await start()
    let gone = 0
    const away = (): void => {
      gone += 1
      if (gone < 5) api.answerNext('pods', 'watch', (_, response) => (away(), void response.socket?.destroy()))
    }
    away()
    api.resource('pods').endWatches('cut')
    await eventually(() => expect(following.stream('pods').restarts['reset']).toBeGreaterThanOrEqual(4))
    await eventually(() => expect(following.stream('pods').connected).toBe(true))
    expect(api.listsOf('pods')).toEqual([])
    expect(following.objects()).toContain('Pod shop/web')
  })

  test('after a watch that ends at once without an event, but not at once', async () => {
    const { api, following } = await start({ timings: { shortWatch: 60_000 } })
    for (let times = 0; times < 3; times += 1) api.answerNext('pods', 'watch', (_, response) => void response.end())
    api.resource('pods').put(pod('two'))
    await eventually(() => expect(following.objects()).toContain('Pod shop/two'))
    api.resource('pods').endWatches()
    await eventually(() => expect(following.stream('pods').restarts).toEqual({ closed: 1, short: 3 }))
  })
})

describe('reads everything again', () => {
  test.each(['HTTP 410', 'an ERROR event 410'])('after %s, and tells only the differences', async (how) => {
    const { api, following } = await start()
    const pods = api.resource('pods')
    pods.put(pod('old'))
    await eventually(() => expect(following.objects()).toContain('Pod shop/old'))
    const before = following.changes.length
    api.answerNext('pods', 'watch', (_, response) => {
      if (how === 'HTTP 410') return false
      response.write(errorLine(410, 'Expired', 'too old resource version'))
      return undefined
    })
    pods.endWatches('cut')
    pods.remove(pod('old'))
    pods.put(pod('new'))
    pods.compact()
    await eventually(() => expect(following.objects()).toContain('Pod shop/new'))
    expect(following.objects()).not.toContain('Pod shop/old')
    expect(following.changes.slice(before).map(({ type }) => type)).toEqual(['put', 'remove'])
    expect(following.stream('pods').relists).toEqual({ expired: 1 })
    expect(following.stream('networkpolicies').relists).toEqual({})
    expect(following.calls.filter((call) => call === 'synced')).toHaveLength(1)
  })

  test.each(['{"type":"ADDED","obj', '[]', '{"type":"WHATEVER"}', ''])(
    'after a line that is no event: %j',
    async (line) => {
      const { api, following } = await start()
      api.resource('pods').write(`${line}\n`)
      await eventually(() => expect(following.stream('pods').relists).toEqual({ malformed: 1 }))
      api.resource('pods').put(pod('next'))
      await eventually(() => expect(following.objects()).toContain('Pod shop/next'))
    },
  )

  test('from a list that is no older than what was seen, where initial events are refused', async () => {
    const api = await startFakeApi()
    api.initialEvents = 'refused'
    const following = follow(api)
    await following.synced()
    api.resource('pods').put(pod('one'))
    await eventually(() => expect(following.objects()).toEqual(['Pod shop/one']))
    api.answerNext('pods', 'watch', (_, response) => sendStatus(response, 410, 'Gone', 'too old'))
    api.resource('pods').endWatches('cut')
    await eventually(() => expect(api.listsOf('pods')).toHaveLength(2))
    const query = api.listsOf('pods')[1]?.query
    expect(query?.get('resourceVersion')).toBe('101')
    expect(query?.get('resourceVersionMatch')).toBe('NotOlderThan')
    expect(query?.has('limit')).toBe(false)
  })
})

describe('a stream that lives but says nothing', () => {
  test('is given up after a time of silence, and gone on from', async () => {
    const { api, following } = await start({ timings: { watchSilence: 1_000 } })
    await eventually(() => expect(resumedFrom(api).length).toBeGreaterThanOrEqual(1))
    expect(resumedFrom(api)[0]).toBe('101')
    expect(following.stream('pods').restarts['silent']).toBeGreaterThanOrEqual(1)
    expect(api.listsOf('pods')).toEqual([])
  })

  test('is given up when it outlives the time that it was asked for, however much it says', async () => {
    const { api, following } = await start({ timings: { watch: 100, watchGrace: 100 } })
    const noise = setInterval(() => api.resource('pods').write(bookmarkLine('500')), 10)
    try {
      await eventually(() => expect(following.stream('pods').restarts['deadline']).toBeGreaterThanOrEqual(1))
    } finally {
      clearInterval(noise)
    }
  })

  test('an answer that never begins is given up too', async () => {
    const { api, following } = await start({ timings: { watchHeaders: 1_000 } })
    api.answerNext('pods', 'watch', () => {})
    api.resource('pods').endWatches('cut')
    await eventually(() => expect(following.stream('pods').restarts).toMatchObject({ timeout: 1 }))
    api.resource('pods').put(pod('two'))
    await eventually(() => expect(following.objects()).toContain('Pod shop/two'))
  })

  test('says for how long', async () => {
    let now = 1_000
    const { api, following } = await start({ now: () => now })
    expect(following.stream('pods').silentFor).toBe(0)
    now += 50_000
    expect(following.stream('pods').silentFor).toBe(50_000)
    api.resource('pods').write(bookmarkLine('500'))
    await eventually(() => expect(following.stream('pods').silentFor).toBe(0))
  })
})

test('asks the server to end each watch after 5 to 10 minutes', async () => {
  const { api } = await start({ random: () => 0.5 })
  expect(api.watchesOf('pods')[0]?.query.get('timeoutSeconds')).toBe('450')
})

test('huge lines and characters that two pieces share arrive whole', async () => {
  const { api, following } = await start()
  const name = 'wide'
  const labels = { app: 'x' }
  const wide = { ...pod(name, { labels }), note: '🧵é'.repeat(600_000) }
  const line = Buffer.from(eventLine('ADDED', wide))
  for (let from = 0; from < line.length; from += 100_001)
    api.resource('pods').write(line.subarray(from, from + 100_001))
  await eventually(() => expect(following.objects()).toContain('Pod shop/wide'))
  expect(following.stream('pods').restarts).toEqual({})
})
