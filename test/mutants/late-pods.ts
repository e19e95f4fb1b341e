import { deepStrictEqual, ok } from 'node:assert'
import { setImmediate } from 'node:timers/promises'
import type { Change, EngineChange } from '../../compiler/engine/change.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { createLatePolicies } from '../../src/agent/late-policies.ts'

function put(uid: string, address: string): Change {
  const pod = { kind: 'Pod', namespace: 'shop', name: 'web', uid, node: 'node-1', addresses: [address] }
  return { type: 'put', object: pod as unknown as Pod }
}

/** A new pod is not known before its namespace is told, then as it is by then, once; one that went, or another's answer, lets none in. */
export async function newPodsWaitForPolicies(): Promise<void> {
  const released: EngineChange[] = []
  const answers: (() => void)[] = []
  let isSynced = false
  const late = createLatePolicies({
    isLocal: () => true,
    holdState: () => 'holding',
    isSynced: () => isSynced,
    caughtUp: () => new Promise<void>((resolve) => void answers.push(resolve)),
    release: (changes) => released.push(...changes),
    failed: (error) => ok(false, String(error)),
  })
  deepStrictEqual(late.take([put('u-0', '10.0.0.1')]), [put('u-0', '10.0.0.1')])
  isSynced = true
  const gone: Change = { type: 'remove', kind: 'Pod', namespace: 'shop', name: 'web' }
  deepStrictEqual(late.take([put('u-1', '10.0.0.1')]), [gone])
  deepStrictEqual(late.take([gone]), [gone])
  deepStrictEqual(late.take([put('u-2', '10.0.0.1')]), [])
  deepStrictEqual(late.take([put('u-2', '10.0.0.2')]), [])
  deepStrictEqual(answers.length, 2)
  answers[0]?.()
  await setImmediate()
  deepStrictEqual(released, [])
  answers[1]?.()
  await setImmediate()
  deepStrictEqual(released, [put('u-2', '10.0.0.2')])
  deepStrictEqual(late.take([put('u-2', '10.0.0.3')]), [put('u-2', '10.0.0.3')])
}

/** While no policy is known a new pod passes; when a list shows one that is not told, it waits for it, and the hold stands meanwhile. */
export async function theFirstPolicyIsWaitedFor(): Promise<void> {
  const released: EngineChange[] = []
  const asked: { readonly missing: () => void; readonly answer: () => void }[] = []
  const late = createLatePolicies({
    isLocal: () => true,
    holdState: () => 'on',
    isSynced: () => true,
    caughtUp: (_, missing = () => undefined) =>
      new Promise<void>((resolve) => void asked.push({ missing, answer: resolve })),
    release: (changes) => released.push(...changes),
    failed: (error) => ok(false, String(error)),
  })
  const gone: Change = { type: 'remove', kind: 'Pod', namespace: 'shop', name: 'web' }
  deepStrictEqual(late.take([put('u-1', '10.0.0.1')]), [put('u-1', '10.0.0.1')])
  asked[0]?.missing()
  deepStrictEqual(released.splice(0), [{ type: 'suspicion', policies: true }, gone])
  deepStrictEqual(late.take([put('u-1', '10.0.0.2')]), [])
  asked[0]?.answer()
  await setImmediate()
  deepStrictEqual(released.splice(0), [put('u-1', '10.0.0.2'), { type: 'suspicion', policies: false }])
}
