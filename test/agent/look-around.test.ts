import { expect, onTestFinished, test } from 'vitest'
import { lookAround } from '../../src/agent/look-around.ts'
import type { Finding } from '../../src/kernel/finding.ts'
import type { Log } from '../../src/telemetry/log.ts'

const MISSING: Finding = { id: 'nft-missing', severity: 'blocks', problem: 'nft is not installed', cure: 'install it' }

function silentLog(): Log & { readonly lines: string[] } {
  const lines: string[] = []
  const note = (message: string) => void lines.push(message)
  const log = { debug: note, info: note, warn: note, error: note, child: () => log, lines }
  return log
}

test('asked to look again, it does so at once, also while it looks; what is known is logged once', async () => {
  const log = silentLog()
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
  const begun = lookAround({ markMask: 1, signal: controller.signal, log, found: note, failed, look })
  looks[0]?.resolve([MISSING])
  const looking = await begun
  onTestFinished(() => looking.stop())
  expect([found, log.lines]).toEqual([[[MISSING]], ['nft is not installed']])

  looking.again()
  expect(looks).toHaveLength(2)
  // It has come back while this look was under way, and may have seen neither.
  looking.again()
  looks[1]?.resolve([MISSING])
  await expect.poll(() => looks.length).toBe(3)
  looks[2]?.resolve([])
  await expect.poll(() => found.length).toBe(3)
  expect([found.at(-1), log.lines]).toEqual([[], ['nft is not installed']])
  expect(looks).toHaveLength(3)
})
