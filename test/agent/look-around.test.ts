import { expect, onTestFinished, test, vi } from 'vitest'
import { lookAround } from '../../src/agent/look-around.ts'
import type { Finding } from '../../src/kernel/finding.ts'
import { collectLog } from './collect-log.ts'

const MISSING: Finding = { id: 'nft-missing', severity: 'blocks', problem: 'nft is not installed', cure: 'install it' }

test('asked to look again, it does so at once, also while it looks; what is known is logged once', async () => {
  const { log, lines } = collectLog()
  const said = () => lines.map(({ message }) => message)
  const found: (readonly Finding[])[] = []
  const looks: PromiseWithResolvers<readonly Finding[]>[] = []
  const look = () => {
    const next = Promise.withResolvers<readonly Finding[]>()
    looks.push(next)
    return next.promise
  }
  const failed = (error: unknown) => {
    throw error
  }
  const controller = new AbortController()
  const note = (now: readonly Finding[]) => void found.push(now)
  const begun = lookAround({
    markMask: 1,
    serviceProxy: 'nat',
    signal: controller.signal,
    log,
    found: note,
    failed,
    look,
  })
  looks[0]?.resolve([MISSING])
  const looking = await begun
  onTestFinished(() => looking.stop())
  expect([found, said()]).toEqual([[[MISSING]], ['nft is not installed']])

  looking.again()
  expect(looks).toHaveLength(2)
  // It has come back while this look was under way, and may have seen neither.
  looking.again()
  looks[1]?.resolve([MISSING])
  await expect.poll(() => looks.length).toBe(3)
  looks[2]?.resolve([])
  await expect.poll(() => found.length).toBe(3)
  expect([found.at(-1), said()]).toEqual([[], ['nft is not installed']])
  expect(looks).toHaveLength(3)
})

// Below, the node's answers are the test's: how a node is really looked at is shown in test/kernel-room.

const finding = (id: Finding['id'], severity: Finding['severity'] = 'warns', problem: string = id): Finding => {
  return { id, severity, problem, cure: 'none' }
}

/** A look that has begun, at a node that answers as told. */
async function lookAt(everything: readonly Finding[], bridges: readonly Finding[] = []) {
  vi.useFakeTimers()
  const look = vi.fn<() => Promise<readonly Finding[]>>(() => Promise.resolve(everything))
  const lookOften = vi.fn<() => Promise<readonly Finding[]>>(() => Promise.resolve(bridges))
  const failed = vi.fn<(error: unknown) => void>()
  const { log, lines } = collectLog()
  const found: (readonly string[])[] = []
  const ending = new AbortController()
  const looking = await lookAround({
    markMask: 0xff000000,
    serviceProxy: 'nat',
    signal: ending.signal,
    log,
    found: (findings) => void found.push(findings.map(({ id }) => id)),
    failed,
    look,
    lookOften,
  })
  onTestFinished(() => {
    looking.stop()
    vi.useRealTimers()
  })
  const said = () => lines.map(({ level, message }) => `${level} ${message}`)
  return { look, lookOften, failed, found, ending, looking, said }
}

test('it has looked once before it resolves; what stays is not said again, what changes is', async () => {
  const { look, found, said } = await lookAt([finding('firewalld'), finding('ipvs', 'blocks')])
  expect(found).toEqual([['firewalld', 'ipvs']])
  look.mockResolvedValue([finding('firewalld'), finding('other-engine')])
  await vi.advanceTimersByTimeAsync(60_000)
  look.mockResolvedValue([finding('firewalld', 'warns', 'another zone')])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(said()).toEqual(['warn firewalld', 'error ipvs', 'warn other-engine', 'warn another zone'])
  expect(found.at(-1)).toEqual(['firewalld'])
})

test('bridges are looked at every 5 s, and that look takes back no finding of the other', async () => {
  const { look, lookOften, found } = await lookAt([finding('firewalld'), finding('br-netfilter-absent', 'blocks')])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(found.at(-1)).toEqual(['firewalld'])
  lookOften.mockResolvedValue([finding('bridge-bypass-ipv4', 'blocks')])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(found.at(-1)).toEqual(['firewalld', 'bridge-bypass-ipv4'])
  expect(look).toHaveBeenCalledTimes(1)
})

test('a look that hangs is not begun a second time, and holds up no other; when it ends, one follows', async () => {
  const { look, lookOften } = await lookAt([])
  const hanging = Promise.withResolvers<readonly Finding[]>()
  lookOften.mockReturnValue(hanging.promise)
  await vi.advanceTimersByTimeAsync(60_000)
  expect([lookOften.mock.calls.length, look.mock.calls.length]).toEqual([1, 2])
  hanging.resolve([])
  await vi.advanceTimersByTimeAsync(0)
  expect(lookOften).toHaveBeenCalledTimes(2)
})

test('a look that fails is a bug and is handed on; the next one is begun all the same', async () => {
  const { look, failed, found } = await lookAt([])
  const bug = new Error('a bug')
  look.mockRejectedValueOnce(bug)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(failed.mock.calls).toEqual([[bug]])
  look.mockResolvedValue([finding('firewalld')])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(found.at(-1)).toEqual(['firewalld'])
})

test('what is found after the end has been called for is nobody’s; stopped, no look begins', async () => {
  const { look, lookOften, found, ending, looking } = await lookAt([])
  look.mockResolvedValue([finding('firewalld')])
  ending.abort()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(found).toEqual([[]])
  expect(look).toHaveBeenCalledTimes(2)
  looking.stop()
  const begun = [look.mock.calls.length, lookOften.mock.calls.length]
  await vi.advanceTimersByTimeAsync(600_000)
  expect([look.mock.calls.length, lookOften.mock.calls.length]).toEqual(begun)
})
