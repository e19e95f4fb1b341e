import { expect, test } from 'vitest'
import { createUnnotedPods } from '../../src/agent/unnoted-pods.ts'
import { madePod } from '../engine/made-pods.ts'

test('said after a minute, for as long as it lasts', () => {
  const clock = { milliseconds: 0 }
  let pods = [madePod({ name: 'web', address: '10.244.1.10' })]
  const look = createUnnotedPods({ unnoted: () => pods, cacheFolder: '/cache', now: () => clock.milliseconds })
  expect(look()).toEqual([])
  clock.milliseconds = 59_999
  expect(look()).toEqual([])
  clock.milliseconds = 60_000
  expect(look()).toMatchObject([{ id: 'cni-cache-silent', severity: 'warns' }])
  expect(look()[0]?.problem).toContain('no file of /cache')
  pods = []
  expect(look()).toEqual([])
  pods = [madePod({ name: 'db', address: '10.244.1.11' })]
  expect(look()).toEqual([])
})
