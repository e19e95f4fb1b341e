import { expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS, generationOfMark, type RulesetOptions } from '../../compiler/nftables/options.ts'
import { createReconciler } from '../../src/agent/reconciler.ts'
import { startWorkLoop } from '../../src/agent/work-loop.ts'
import { rememberedMark } from '../interpreter/interpreter.ts'
import { waitUntil } from '../kernel-room/wait-until.ts'
import { surePut } from '../laws/changes-of.ts'
import { holdChanges } from '../laws/hold-changes.ts'
import { policy } from '../oracle/make-objects.ts'
import { createMemoryKernel } from './memory-kernel.ts'

const LIMIT = 600
const HOLD = holdChanges({ node: 'node-1', subnets: ['10.244.1.0/24'], sandboxes: [] })
const POLICY = surePut(policy('shop/closed', { podSelector: {} }))

/** An agent's reconciler over a kernel in memory, at the start of its life. */
async function reconcilerOf(options: Partial<RulesetOptions> = {}, changes = [...HOLD, POLICY]) {
  const clock = { seconds: 1_000 }
  const ruleset = { ...DEFAULT_OPTIONS, holdOpenAfterSeconds: LIMIT, ...options }
  const kernel = createMemoryKernel({ tellsOfNoTable: true })
  const reasons: string[] = []
  const reconciler = createReconciler({
    engine: createEngine({ isLocal: () => true, ruleset }),
    kernel,
    ruleset,
    now: () => clock.seconds * 1000,
    verified: () => undefined,
    applied: ({ reason, ok }) => reasons.push(`${reason} ${ok ? 'ok' : 'failed'}`),
  })
  await reconciler.start(changes)
  reasons.length = 0
  const first = kernel.texts.length
  return {
    reconciler,
    kernel,
    reasons,
    /** Says that the agent lives, so many seconds later: was it written, and are live flows judged anew? */
    async after(seconds: number) {
      clock.seconds += seconds
      const [texts, mark] = [kernel.texts.length, rememberedMark(kernel.table)]
      expect(await reconciler.refresh()).toBe(true)
      const said = kernel.texts.slice(texts).join('')
      expect(said === '' || said.includes('add element inet selvedge agent { ipv4, ipv6 }')).toBe(true)
      return { says: said !== '', judgesAnew: rememberedMark(kernel.table) !== mark }
    },
    said: () => kernel.texts.slice(first),
  }
}

test('an agent that begins says so, and what passed while none was there is judged again; later only after a lapse', async () => {
  const { after } = await reconcilerOf()
  expect(await after(0)).toEqual({ says: true, judgesAnew: true })
  expect(await after(LIMIT / 5)).toEqual({ says: true, judgesAnew: false })
  expect(await after(LIMIT)).toEqual({ says: true, judgesAnew: false })
  // Frozen for longer than the kernel waits: the hold was open meanwhile.
  expect(await after(LIMIT + 1)).toEqual({ says: true, judgesAnew: true })
  expect(await after(1)).toEqual({ says: true, judgesAnew: false })
})

test('the number of a lapse is in force from then on', async () => {
  const { reconciler, kernel, after } = await reconcilerOf()
  const inForce = () => generationOfMark(rememberedMark(kernel.table) ?? 0, DEFAULT_OPTIONS.markMask)
  await after(0)
  expect(reconciler.generation).toBe(inForce())
  await after(LIMIT / 5)
  expect(reconciler.generation).toBe(inForce())
})

test.each([
  ['where it never opens', { holdOpenAfterSeconds: undefined }, undefined],
  ['where nothing can be held', {}, [POLICY]],
] as const)('nothing is said %s', async (_, options, changes) => {
  const { after } = await reconcilerOf(options, changes && [...changes])
  expect(await after(0)).toEqual({ says: false, judgesAnew: false })
  expect(await after(10 * LIMIT)).toEqual({ says: false, judgesAnew: false })
})

test('it is said while no policy is there as well: the first one finds the hold closed', async () => {
  const { after } = await reconcilerOf({}, [...HOLD])
  expect(await after(0)).toMatchObject({ says: true })
})

test('a kernel that refuses it gets the whole ruleset, and with it the sign', async () => {
  const { reconciler, kernel, reasons, said } = await reconcilerOf()
  kernel.refuse(1)
  expect(await reconciler.refresh()).toBe(true)
  expect(reasons).toEqual(['rebuild ok'])
  expect(said().at(-1)).toContain('delete table')
  kernel.refuse(10)
  expect(await reconciler.refresh()).toBe(false)
})

test('the loop says it with its first turn, whenever it is to, and again until it has been said', async () => {
  const refreshes: boolean[] = []
  const answers = [true, false, false, true]
  const fine = () => Promise.resolve(true)
  const ended: boolean[] = []
  const loop = startWorkLoop({
    reconciler: {
      start: fine,
      apply: fine,
      verify: fine,
      rejudge: fine,
      refresh: () => {
        const answer = answers.shift() ?? true
        refreshes.push(answer)
        return Promise.resolve(answer)
      },
    },
    pacer: { delay: () => 0, turnBegan: () => undefined },
    now: () => 0,
    turnBegan: () => undefined,
    turnEnded: (isFine) => ended.push(isFine),
    failed: (error) => {
      throw error
    },
    backOff: () => 0,
  })
  loop.synced()
  await waitUntil(() => loop.isIdle, 'the first turn is over')
  expect(refreshes).toEqual([true])
  // A turn for something else says nothing.
  loop.verifySoon()
  await waitUntil(() => ended.length === 2 && loop.isIdle, 'a comparison')
  expect(refreshes).toEqual([true])
  loop.refreshSoon()
  await waitUntil(() => refreshes.length === 4 && loop.isIdle, 'it is said in the end')
  expect(refreshes).toEqual([true, false, false, true])
  expect(ended).toEqual([true, true, false, false, true])
  await loop.stop()
})
