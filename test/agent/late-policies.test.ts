import { expect, onTestFinished, test, vi } from 'vitest'
import type { Change, EngineChange } from '../../compiler/engine/change.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { createLatePolicies, type LatePoliciesOptions } from '../../src/agent/late-policies.ts'

function put(name: string, fields: Partial<Pod> = {}): Change {
  const pod = { kind: 'Pod', namespace: 'shop', name, uid: `u-${name}`, node: 'node-1', addresses: [], ...fields }
  return { type: 'put', object: pod as unknown as Pod }
}
const gone = (name: string): Change => ({ type: 'remove', kind: 'Pod', namespace: 'shop', name })

/** What was let in late, and the questions that are not answered yet. */
function latePolicies(options: Partial<LatePoliciesOptions> = {}) {
  const released: EngineChange[] = []
  const asked: { readonly namespace: string; readonly missing: () => void; readonly answer: () => Promise<void> }[] = []
  const late = createLatePolicies({
    isLocal: ({ node }) => node === 'node-1',
    holdState: () => 'holding',
    isSynced: () => true,
    caughtUp(namespace, missing = () => undefined) {
      const told = Promise.withResolvers<void>()
      asked.push({
        namespace,
        missing,
        async answer() {
          told.resolve()
          await told.promise
          await Promise.resolve()
        },
      })
      return told.promise
    },
    release: (changes) => released.push(...changes),
    failed: (error) => {
      throw error
    },
    ...options,
  })
  return { late, released, asked, answer: async (index: number) => asked[index]?.answer() }
}

test('a new pod of this node waits until its namespace is told, then comes as it is by then, once', async () => {
  const { late, released, asked, answer } = latePolicies()
  expect(late.take([put('web')])).toEqual([])
  expect(late.waitingUid('shop/web')).toBe('u-web')
  expect(late.take([put('web', { addresses: ['10.244.1.10'] })])).toEqual([])
  expect(asked.map(({ namespace }) => namespace)).toEqual(['shop'])
  expect(released).toEqual([])
  await answer(0)
  expect(released).toEqual([put('web', { addresses: ['10.244.1.10'] })])
  expect(late.waitingUid('shop/web')).toBeUndefined()
  expect(late.take([put('web', { addresses: [] })])).toEqual([put('web', { addresses: [] })])
  expect(asked).toHaveLength(1)
})

test('one that was heard of before it had a node waits all the same when it has one', () => {
  const { late } = latePolicies()
  const unscheduled = put('web', { node: undefined })
  expect(late.take([unscheduled])).toEqual([unscheduled])
  expect(late.take([put('web')])).toEqual([])
})

test.each([
  ['of another node', put('far', { node: 'node-2' }), {}],
  ['on the host’s network', put('proxy', { hostNetwork: true }), {}],
  ['that has finished', put('job', { finished: true }), {}],
  ['that stood at the start', put('web'), { isSynced: () => false }],
  ['where nothing can be held', put('web'), { holdState: () => 'off' as const }],
  ['of a source that tells all together', put('web'), { caughtUp: undefined }],
] as const)('a pod %s does not wait', (_, change, options) => {
  expect(latePolicies(options).late.take([change])).toEqual([change])
})

test('one that goes while it waits does not come, and the next of its name waits for an answer of its own', async () => {
  const { late, released, answer } = latePolicies()
  late.take([put('web')])
  expect(late.take([gone('web')])).toEqual([gone('web')])
  late.take([put('web', { uid: 'u-2' })])
  await answer(0)
  expect(released).toEqual([])
  await answer(1)
  expect(released).toEqual([put('web', { uid: 'u-2' })])
})

test('one of the name of another takes its place: the other goes at once', () => {
  const { late } = latePolicies({ isSynced: () => synced })
  let synced = false
  late.take([put('web')])
  synced = true
  expect(late.take([put('web', { uid: 'u-2' })])).toEqual([gone('web')])
  expect(late.waitingUid('shop/web')).toBe('u-2')
})

test('when the hold goes off all come, and none twice', async () => {
  const { late, released, answer } = latePolicies()
  late.take([put('web'), put('db')])
  late.letAllIn()
  expect(released).toEqual([put('web'), put('db')])
  await answer(0)
  await answer(1)
  expect(released).toHaveLength(2)
})

test('changes of other kinds pass, in their order', () => {
  const { late } = latePolicies()
  const others: readonly Change[] = [
    { type: 'remove', kind: 'NetworkPolicy', namespace: 'shop', name: 'deny' },
    { type: 'remove', kind: 'Namespace', namespace: '', name: 'shop' },
  ]
  expect(late.take([...others, put('web')])).toEqual(others)
})

const suspicion = (policies: boolean): EngineChange => ({ type: 'suspicion', policies })

test('while no policy is known a new pod is let in at once, and it is asked whether that is true', async () => {
  const { late, released, asked, answer } = latePolicies({ holdState: () => 'on' })
  expect(late.take([put('web')])).toEqual([put('web')])
  expect(late.take([put('web', { addresses: ['10.244.1.10'] })])).toEqual([put('web', { addresses: ['10.244.1.10'] })])
  expect(asked.map(({ namespace }) => namespace)).toEqual(['shop'])
  await answer(0)
  asked[0]?.missing()
  expect(released).toEqual([])
})

test('a policy that stands there, and is not told yet, begins the hold, and the pod waits for it', async () => {
  const { late, released, asked, answer } = latePolicies({ holdState: () => 'on' })
  late.take([put('web')])
  late.take([put('web', { addresses: ['10.244.1.10'] })])
  asked[0]?.missing()
  expect(released).toEqual([suspicion(true), gone('web')])
  expect(late.waitingUid('shop/web')).toBe('u-web')
  expect(late.take([put('web', { addresses: ['10.244.1.11'] })])).toEqual([])
  await answer(0)
  expect(released.slice(2)).toEqual([put('web', { addresses: ['10.244.1.11'] }), suspicion(false)])
  expect(late.waitingUid('shop/web')).toBeUndefined()
})

test('the suspicion ends with the last pod that it is about', () => {
  const { late, asked } = latePolicies({ holdState: () => 'on' })
  late.take([put('web'), put('db')])
  for (const { missing } of asked) missing()
  expect(late.take([gone('web')])).toEqual([gone('web')])
  expect(late.take([gone('db')])).toEqual([gone('db'), suspicion(false)])
})

test('of a pod that has gone, or has its name from another, nothing is believed any more', () => {
  const { late, released, asked } = latePolicies({ holdState: () => 'on' })
  late.take([put('web')])
  late.take([gone('web')])
  asked[0]?.missing()
  late.take([put('web', { uid: 'u-2' })])
  asked[0]?.missing()
  expect(released).toEqual([])
})

test('what stood at the start is enforced when its policies are told, those of pods that came meanwhile too', async () => {
  const { late, asked, answer } = latePolicies({ isSynced: () => false })
  expect(late.take([put('web'), put('db')])).toEqual([put('web'), put('db')])
  let isOver = false
  const look = late.firstLook().then(() => (isOver = true))
  expect(asked.map(({ namespace }) => namespace)).toEqual(['shop'])
  late.take([put('cache')])
  await answer(0)
  await expect.poll(() => asked.length).toBe(2)
  expect(isOver).toBe(false)
  await answer(1)
  await look
})

test('and after three seconds in any case', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { late } = latePolicies({ isSynced: () => false })
  late.take([put('web')])
  const look = late.firstLook()
  await vi.advanceTimersByTimeAsync(2_999)
  expect(await Promise.race([look.then(() => 'over'), Promise.resolve('waits')])).toBe('waits')
  await vi.advanceTimersByTimeAsync(1)
  await look
})

test('a node without pods, and a source in which nothing lags, wait for nothing', async () => {
  const empty = latePolicies()
  await empty.late.firstLook()
  expect(empty.asked).toEqual([])
  const { late } = latePolicies({ caughtUp: undefined })
  late.take([put('web')])
  expect(await late.firstLook()).toBeUndefined()
})
