import { expect, test } from 'vitest'
import { type FakeApi, sendStatus, startFakeApi } from './fake-api.ts'
import { pod } from './fake-objects.ts'
import { eventually, follow } from './follow.ts'

async function startWith(pods: number): Promise<FakeApi> {
  const api = await startFakeApi()
  api.initialEvents = 'refused'
  for (let index = 0; index < pods; index += 1) api.resource('pods').put(pod(`pod-${index}`))
  return api
}

test('pages of 500, all but the first by their tokens, are told as one', async () => {
  const api = await startWith(1_201)
  const following = follow(api)
  await following.synced()
  expect(following.objects()).toHaveLength(1_201)
  expect(following.calls).toContain(1_201)
  const queries = api.listsOf('pods').map(({ query }) => query)
  expect(queries.map((query) => query.get('limit'))).toEqual(['500', '500', '500'])
  expect(queries.map((query) => query.get('resourceVersion'))).toEqual(['0', null, null])
  expect(queries.map((query) => query.has('continue'))).toEqual([false, true, true])
  for (const query of queries) expect(query.get('fieldSelector')).toContain('status.phase')
})

test('a list that comes whole from the watch cache is read as it arrives', async () => {
  const api = await startWith(1_201)
  api.listsWholeFromCache = true
  const following = follow(api)
  await following.synced()
  expect(following.objects()).toHaveLength(1_201)
  expect(api.listsOf('pods')).toHaveLength(1)
})

test('a token that the server has lost (410) starts the list again from the newest version', async () => {
  const api = await startWith(1_201)
  api.answerNext('pods', 'list', () => false)
  api.answerNext('pods', 'list', () => {
    api.resource('pods').remove(pod('pod-0'))
    api.resource('pods').compact()
    return false
  })
  const following = follow(api)
  await following.synced()
  expect(following.objects()).toHaveLength(1_200)
  expect(following.objects()).not.toContain('Pod shop/pod-0')
  const queries = api.listsOf('pods').map(({ query }) => query)
  expect(queries).toHaveLength(5)
  expect(queries[2]?.get('resourceVersion')).toBe(null)
  expect(queries[2]?.has('continue')).toBe(false)
  expect(following.stream('pods').relists).toEqual({ 'list-restarted': 1 })
})

test('a version that the server does not have yet (etcd was set back) is listed anew', async () => {
  const api = await startWith(1)
  const following = follow(api)
  await following.synced()
  const tooLarge = {
    kind: 'Status',
    code: 504,
    reason: 'Timeout',
    message: 'Too large resource version',
    details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
  }
  for (const verb of ['watch', 'list'] as const) {
    api.answerNext('pods', verb, (_, response) => void response.writeHead(504).end(JSON.stringify(tooLarge)))
  }
  api.resource('pods').endWatches('cut')
  await eventually(() => expect(api.listsOf('pods')).toHaveLength(3))
  expect(api.listsOf('pods')[2]?.query.get('resourceVersion')).toBe(null)
})

test.each([
  ['a 500', (response) => sendStatus(response, 500, 'InternalError', 'no')],
  [
    'a cut in the middle',
    (response) => void response.write('{"metadata":{"resourceVersion":"5"},"items":[', () => response.destroy()),
  ],
  ['a body that ends too soon', (response) => void response.end('{"metadata":{"resourceVersion":"5"},"items":[')],
  ['a body that is no list', (response) => void response.end('<html>')],
  ['a list of no version', (response) => void response.end('{"metadata":{"resourceVersion":""},"items":[]}')],
  ['a list without a version', (response) => void response.end('{"metadata":{},"items":[]}')],
] satisfies [string, (response: Parameters<Parameters<FakeApi['answerNext']>[2]>[1]) => void][])(
  'a first list that fails is tried again: %s',
  async (_, answer) => {
    const api = await startWith(3)
    api.answerNext('pods', 'list', (_request, response) => answer(response))
    const following = follow(api)
    await following.synced()
    expect(following.objects()).toHaveLength(3)
    expect(Object.keys(following.stream('pods').restarts)).toHaveLength(2)
    expect(api.listsOf('pods')).toHaveLength(2)
  },
)
