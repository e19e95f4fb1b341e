import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Manner } from '../sources/agents/fake-agents.ts'
import { answer, askedShop, flow, IDLE_TO_DB } from './asked-shop.ts'
import { MAIN } from './run-selvedge.ts'

describe('watch', () => {
  /** A watch and its lines; the first look is its base. */
  function startWatch(...args: readonly string[]) {
    const child = spawn(process.execPath, [MAIN, 'watch', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    return { next: async () => String((await lines.next()).value), end: () => (child.kill('SIGINT'), ended) }
  }

  test('shows what comes and what grows, one object a line, and ends at Ctrl-C', async () => {
    const manners: Record<string, Manner> = { a: { says: answer('a', [IDLE_TO_DB]) } }
    const { kubeconfig, agents } = await askedShop(manners)
    const watch = startWatch('-o', 'json', '--kubeconfig', kubeconfig)
    await expect.poll(() => agents.asked.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2)
    agents.become('a', {
      says: answer('a', [flow('10.244.0.7', '10.244.0.6', 5432, 10), flow('10.244.0.7', '10.244.0.6', 22, 1)]),
    })
    const [grown, fresh] = [JSON.parse(await watch.next()) as object, JSON.parse(await watch.next()) as object]
    expect(grown).toMatchObject({
      count: 10,
      delta: 7,
      source: { namespace: 'shop', name: 'idle', address: '10.244.0.7' },
      destination: { namespace: 'shop', name: 'db' },
      protocol: 'TCP',
      port: 5432,
      direction: 'ingress',
      policies: ['shop/db'],
    })
    expect(fresh).toMatchObject({ count: 1, delta: 1, port: 22 })
    expect(await watch.end()).toBe(0)
  }, 60_000)

  test('a line each where there is no terminal', async () => {
    const { kubeconfig, agents } = await askedShop({ a: { says: answer('a', []) } })
    const watch = startWatch('--kubeconfig', kubeconfig)
    await expect.poll(() => agents.asked.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2)
    agents.become('a', { says: answer('a', [IDLE_TO_DB]) })
    expect(await watch.next()).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:]+ \+3 of 3: shop\/idle → shop\/db 5432\/TCP; ingress of shop\/db: shop\/db ingress\[0\]: /,
    )
    expect(await watch.end()).toBe(0)
  }, 60_000)
})
