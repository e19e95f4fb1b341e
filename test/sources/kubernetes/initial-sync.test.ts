import { describe, expect, test } from 'vitest'
import { type FakeApi, sendStatus, startFakeApi } from './fake-api.ts'
import { bookmarkLine, eventLine, namespace, pod, policy } from './fake-objects.ts'
import { eventually, follow } from './follow.ts'

const EVERYTHING = ['Namespace shop', 'NetworkPolicy shop/deny', 'Pod shop/api', 'Pod shop/web']

async function startFilled(): Promise<FakeApi> {
  const api = await startFakeApi()
  api.resource('namespaces').put(namespace('shop', { team: 'a' }))
  api.resource('networkpolicies').put(policy('deny'))
  api.resource('pods').put(pod('web'))
  api.resource('pods').put(pod('api', { ip: '10.244.0.6' }))
  return api
}

describe('streaming the initial events', () => {
  test('tells everything, each kind as one whole, then synced, once', async () => {
    const api = await startFilled()
    const following = follow(api)
    await following.synced()
    expect(following.objects()).toEqual(EVERYTHING)
    expect(following.calls).toHaveLength(4)
    expect(following.calls.at(-1)).toBe('synced')
    expect(api.requests.filter(({ verb }) => verb === 'list')).toEqual([])
    for (const { query } of api.requests) {
      expect(query.get('sendInitialEvents')).toBe('true')
      expect(query.get('resourceVersionMatch')).toBe('NotOlderThan')
      expect(query.get('resourceVersion')).toBe('')
      expect(query.get('allowWatchBookmarks')).toBe('true')
    }
  })

  test('asks for the namespaces without their specs, and for no finished pods', async () => {
    const api = await startFilled()
    api.resource('pods').put(pod('done', { phase: 'Succeeded' }))
    const following = follow(api)
    await following.synced()
    expect(following.objects()).toEqual(EVERYTHING)
    expect(api.watchesOf('namespaces')[0]?.accept).toMatch(/^application\/json;as=PartialObjectMetadata;g=meta/)
    expect(following.object('Namespace shop')).toMatchObject({
      labels: {
        labels: new Map([
          ['kubernetes.io/metadata.name', 'shop'],
          ['team', 'a'],
        ]),
      },
    })
    const selector = 'status.phase!=Succeeded,status.phase!=Failed'
    expect(api.watchesOf('pods')[0]?.query.get('fieldSelector')).toBe(selector)
  })

  test('goes on with live events on the same connection', async () => {
    const api = await startFilled()
    const following = follow(api)
    await following.synced()
    api.resource('pods').put(pod('new', { ip: '10.244.0.7' }))
    await eventually(() => expect(following.objects()).toContain('Pod shop/new'))
    api.resource('pods').remove(pod('new'))
    await eventually(() => expect(following.objects()).not.toContain('Pod shop/new'))
    expect(api.watchesOf('pods')).toHaveLength(1)
  })

  test('tells nothing of what is not complete: a stream cut before its end leaves no trace', async () => {
    const api = await startFilled()
    api.answerNext('pods', 'watch', (_, response) => {
      response.write(eventLine('ADDED', pod('ghost')))
      setTimeout(() => response.destroy(), 20)
    })
    const following = follow(api)
    await following.synced()
    expect(following.changes.some((change) => change.type === 'put' && change.object.name === 'ghost')).toBe(false)
    expect(following.objects()).toEqual(EVERYTHING)
    expect(api.watchesOf('pods')).toHaveLength(2)
    expect(api.listsOf('pods')).toEqual([])
    expect(following.stream('pods').restarts).toEqual({ reset: 1 })
  })

  test('an ordinary bookmark before the end is not the end, and its version is not gone on from', async () => {
    const api = await startFilled()
    api.answerNext('pods', 'watch', (_, response) => {
      response.write(
        eventLine('ADDED', { ...pod('web'), metadata: { ...pod('web').metadata, resourceVersion: '900' } }),
      )
      response.write(bookmarkLine('901'))
      setTimeout(() => response.destroy(), 20)
    })
    const following = follow(api)
    await following.synced()
    expect(api.watchesOf('pods').map(({ query }) => query.get('resourceVersion'))).toEqual(['', ''])
  })
})

describe('falls back to a list', () => {
  test('when the server refuses initial events (422), and remembers it', async () => {
    const api = await startFilled()
    api.initialEvents = 'refused'
    const following = follow(api)
    await following.synced()
    expect(following.objects()).toEqual(EVERYTHING)
    expect(api.listsOf('pods')).toHaveLength(1)
    expect(api.listsOf('pods')[0]?.query.get('resourceVersion')).toBe('0')
    await eventually(() => expect(api.watchesOf('pods')).toHaveLength(2))
    expect(api.watchesOf('pods')[1]?.query.get('resourceVersion')).toBe(api.resource('pods').version())
    api.resource('pods').compact()
    api.resource('pods').endWatches()
    await eventually(() => expect(api.watchesOf('pods')).toHaveLength(4))
    expect(api.watchesOf('pods').filter(({ query }) => query.has('sendInitialEvents'))).toHaveLength(1)
    expect(following.stream('pods').restarts).toMatchObject({ 'no-initial-events': 1 })
  })

  test.each(['ignored', 'without end'] as const)('when the end never comes (initial events %s)', async (how) => {
    const api = await startFilled()
    api.initialEvents = how
    const following = follow(api, { timings: { initialSilence: 100 } })
    await following.synced()
    expect(following.objects()).toEqual(EVERYTHING)
    expect(api.listsOf('pods')).toHaveLength(1)
  })

  test('when nothing at all comes, because there is nothing', async () => {
    const api = await startFakeApi()
    api.initialEvents = 'ignored'
    const following = follow(api, { timings: { initialSilence: 100 } })
    await following.synced()
    expect(following.objects()).toEqual([])
    expect(api.listsOf('pods')).toHaveLength(1)
  })

  test('when bookmarks and events come for ever, but never the end', async () => {
    const api = await startFilled()
    api.initialEvents = 'without end'
    const noise = setInterval(() => api.resource('pods').write(bookmarkLine('500')), 20)
    try {
      const following = follow(api, { timings: { initialTotal: 600 } })
      await following.synced()
      expect(following.objects()).toEqual(EVERYTHING)
    } finally {
      clearInterval(noise)
    }
  })

  test('when the watch ends cleanly before the end of its initial events', async () => {
    const api = await startFilled()
    api.answerNext('pods', 'watch', (_, response) => void response.end(eventLine('ADDED', pod('web'))))
    const following = follow(api)
    await following.synced()
    expect(following.objects()).toEqual(EVERYTHING)
    expect(api.listsOf('pods')).toHaveLength(1)
  })

  test('for this once when the server fails (500), and tries again after a 410', async () => {
    const api = await startFilled()
    api.answerNext('pods', 'watch', (_, response) => sendStatus(response, 500, 'InternalError', 'etcd has no leader'))
    const following = follow(api)
    await following.synced()
    expect(api.listsOf('pods')).toHaveLength(1)
    await eventually(() => expect(api.resource('pods').watchers).toHaveLength(1))
    api.resource('pods').compact()
    api.resource('pods').endWatches()
    await eventually(() => expect(api.watchesOf('pods').at(-1)?.query.get('sendInitialEvents')).toBe('true'))
  })
})
