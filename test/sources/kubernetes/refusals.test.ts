import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kubeconfigText } from '../../support/kubeconfig-text.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { writeKubeconfig } from '../../support/write-kubeconfig.ts'
import { type FakeApi, sendStatus, startFakeApi } from './fake-api.ts'
import { pod } from './fake-objects.ts'
import { eventually, follow } from './follow.ts'

async function startFilled(): Promise<FakeApi> {
  const api = await startFakeApi()
  api.resource('pods').put(pod('web'))
  return api
}

test('a bearer token is sent, also over http, without the line feed of its file', async () => {
  const api = await startFilled()
  const kubeconfig = writeKubeconfig(api.url, { tokenFile: 'token' }, { token: 'from-a-file\n' })
  const following = follow(api, { kubeconfig })
  await following.synced()
  expect(api.requests.map(({ authorization }) => authorization)).toEqual(Array(3).fill('Bearer from-a-file'))
})

describe('401', () => {
  test('reads the token again at once, and then waits', async () => {
    const api = await startFilled()
    const kubeconfig = writeKubeconfig(api.url, { tokenFile: 'token' }, { token: 'old' })
    const following = follow(api, { kubeconfig })
    await following.synced()
    api.answerNext('pods', 'watch', (_, response) => {
      writeFileSync(join(dirname(kubeconfig), 'token'), 'new')
      sendStatus(response, 401, 'Unauthorized', 'Unauthorized')
    })
    api.resource('pods').endWatches('cut')
    await eventually(() => expect(api.watchesOf('pods')).toHaveLength(3))
    expect(api.watchesOf('pods').map(({ authorization }) => authorization)).toEqual([
      'Bearer old',
      'Bearer old',
      'Bearer new',
    ])
    expect(api.listsOf('pods')).toEqual([])
  })

  test('at the first request does not lead to a list', async () => {
    const api = await startFilled()
    for (let times = 0; times < 3; times += 1) {
      api.answerNext('pods', 'watch', (_, response) => sendStatus(response, 401, 'Unauthorized', 'Unauthorized'))
    }
    const following = follow(api)
    await following.synced()
    expect(api.listsOf('pods')).toEqual([])
    expect(following.stream('pods').restarts).toEqual({ 'status-401': 3 })
  })

  test('says what to do', async () => {
    const api = await startFilled()
    refuseForEver(api, 'pods', 'watch', (response) => sendStatus(response, 401, 'Unauthorized', 'Unauthorized'))
    const following = follow(api)
    await eventually(() => expect(following.stream('pods').state).toContain('renew the token'))
    expect(following.source.status().synced).toBe(false)
  })
})

test('403 names the verb that is missing, and the others go on', async () => {
  const api = await startFilled()
  const forbidden = 'networkpolicies.networking.k8s.io is forbidden'
  for (const verb of ['watch', 'list'] as const) {
    refuseForEver(api, 'networkpolicies', verb, (response) => sendStatus(response, 403, 'Forbidden', forbidden))
  }
  const following = follow(api)
  await eventually(() => expect(following.objects()).toEqual(['Pod shop/web']))
  await eventually(() =>
    expect(following.stream('networkpolicies').state).toBe(
      `the API server answers 403: ${forbidden}; grant the verb "list" on networkpolicies.networking.k8s.io in a ClusterRole`,
    ),
  )
  expect(following.calls).not.toContain('synced')
})

test('403 for the watch alone names that verb', async () => {
  const api = await startFilled()
  refuseForEver(api, 'pods', 'watch', (response) => sendStatus(response, 403, 'Forbidden', 'pods is forbidden'))
  const following = follow(api)
  await following.synced()
  await eventually(() => expect(following.stream('pods').state).toContain('grant the verb "watch" on pods in'))
  expect(following.stream('pods').connected).toBe(false)
})

test('429 waits as long as the server says, and asks the same again', async () => {
  const api = await startFilled()
  api.answerNext('pods', 'watch', (_, response) =>
    sendStatus(response, 429, 'TooManyRequests', 'later', { 'retry-after': '1' }),
  )
  const following = follow(api, { timings: { firstBackoff: 1, longestBackoff: 1 } })
  await following.synced()
  const [first, second] = api.watchesOf('pods')
  expect(second!.at - first!.at).toBeGreaterThan(990)
  expect(second?.query.get('sendInitialEvents')).toBe('true')
  expect(api.listsOf('pods')).toEqual([])
})

test('a kubeconfig that is not there yet is waited for', async () => {
  const api = await startFilled()
  const folder = temporaryFolder()
  const following = follow(api, { kubeconfig: join(folder, 'config') })
  await eventually(() => expect(following.stream('pods').state).toContain('no such file'))
  writeFileSync(join(folder, 'config'), kubeconfigText(api.url))
  await following.synced()
})

test('a server that is not there is named', async () => {
  const api = await startFilled()
  await api.close()
  const following = follow(api, { kubeconfig: writeKubeconfig(api.url) })
  const host = new URL(api.url).host
  await eventually(() => expect(following.stream('pods').state).toBe(`${host}: nothing listens there`))
  await eventually(() => expect(following.stream('pods').restarts['refused']).toBeGreaterThan(3))
  expect(following.stream('pods').relists).toEqual({})
})

function refuseForEver(
  api: FakeApi,
  plural: string,
  verb: 'list' | 'watch',
  refuse: (response: Parameters<Parameters<FakeApi['answerNext']>[2]>[1]) => void,
): void {
  api.answerNext(plural, verb, (_, response) => {
    refuseForEver(api, plural, verb, refuse)
    refuse(response)
  })
}
