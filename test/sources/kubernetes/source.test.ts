import { expect, onTestFinished, test } from 'vitest'
import { nodeOffset } from '../../../src/sources/kubernetes/backoff.ts'
import { writeKubeconfig } from '../../support/write-kubeconfig.ts'
import { startFakeApi } from './fake-api.ts'
import { bookmarkLine, eventLine, namespace, pod } from './fake-objects.ts'
import { eventually, follow } from './follow.ts'

test('after stop nothing is told, and every connection is gone', async () => {
  const api = await startFakeApi()
  const following = follow(api)
  await following.synced()
  const stopped = following.source.stop()
  api.resource('pods').put(pod('late'))
  await stopped
  const calls = following.calls.length
  await eventually(() => expect(api.resource('pods').watchers).toEqual([]))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(following.calls).toHaveLength(calls)
})

test('a stop out of the listener itself is the last that it hears', async () => {
  const api = await startFakeApi()
  api.answerNext('pods', 'watch', (_, response) => {
    setTimeout(() => response.write(eventLine('ADDED', pod('web')) + bookmarkLine('200', true)), 200)
  })
  const stopped = Promise.withResolvers<void>()
  const following = follow(api, { onChanges: () => stopped.resolve(following.source.stop()) })
  await eventually(() => expect(following.stream('namespaces').synced).toBe(true))
  await stopped.promise
  expect(following.calls).toEqual([1])
})

test.each(['before the first answer', 'while waiting to try again', 'while waiting to begin'])(
  'stops %s',
  async (when) => {
    const api = await startFakeApi()
    const pods =
      when === 'while waiting to try again'
        ? (_: unknown, response: { destroy(): void }) => response.destroy()
        : () => {}
    api.answerNext('pods', 'watch', pods)
    const following = follow(api, {
      timings: { firstBackoff: 60_000, longestBackoff: 60_000 },
      startJitterSeconds: when === 'while waiting to begin' ? 3_600 : 0,
    })
    if (when !== 'while waiting to begin') await eventually(() => expect(api.watchesOf('pods')).toHaveLength(1))
    await following.source.stop()
    expect(following.calls).not.toContain('synced')
  },
)

test('does not wait for a credential plugin that does not come back', async () => {
  const api = await startFakeApi()
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sleep', args: ['8'] }
  const following = follow(api, { kubeconfig: writeKubeconfig(api.url, { exec }) })
  await new Promise((resolve) => setTimeout(resolve, 200))
  const late = new Promise((resolve) => setTimeout(resolve, 7_000, 'late'))
  expect(await Promise.race([following.source.stop(), late])).toBeUndefined()
})

test('a listener that throws is not hidden: the error comes out, and nothing goes on', async () => {
  const api = await startFakeApi()
  api.resource('pods').put(pod('web'))
  const uncaught: unknown[] = []
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => void uncaught.push(error))
  onTestFinished(() => {
    process.removeAllListeners('uncaughtException')
    for (const listener of others) process.on('uncaughtException', listener)
  })
  let times = 0
  follow(api, {
    onChanges: () => {
      times += 1
      throw new Error('a bug')
    },
  })
  await eventually(() => expect(uncaught).toEqual([new Error('a bug')]))
  await eventually(() => expect(api.resource('namespaces').watchers).toEqual([]))
  expect(times).toBe(1)
})

test('the first request waits its part of the jitter', async () => {
  const api = await startFakeApi()
  const begun = performance.now()
  const following = follow(api, { startJitterSeconds: 0.5 / nodeOffset('node1') })
  expect(following.stream('pods')).toMatchObject({ synced: false, connected: false, silentFor: undefined })
  await following.synced()
  expect(api.requests[0]!.at - begun).toBeGreaterThan(490)
})

test('says how fresh the truth is, per kind', async () => {
  const api = await startFakeApi()
  api.resource('pods').put(pod('web'))
  api.resource('namespaces').put(namespace('shop'))
  const following = follow(api)
  await following.synced()
  expect(following.source.status()).toMatchObject({
    synced: true,
    streams: [
      { name: 'namespaces', synced: true, connected: true, state: 'connected', objects: 1, resourceVersion: '101' },
      {
        name: 'networkpolicies',
        synced: true,
        connected: true,
        state: 'connected',
        objects: 0,
        resourceVersion: '100',
      },
      { name: 'pods', synced: true, connected: true, state: 'connected', objects: 1, resourceVersion: '101' },
    ],
  })
})
