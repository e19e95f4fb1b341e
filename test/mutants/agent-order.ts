import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import { setImmediate } from 'node:timers/promises'
import type { Change, EngineChange } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { createAppliedVersions } from '../../src/agent/applied-versions.ts'
import { kernelOfNode } from '../../src/agent/kernel-of-node.ts'
import type { KernelPort } from '../../src/agent/kernel-port.ts'
import type { Application } from '../../src/agent/application.ts'
import { createReconciler } from '../../src/agent/reconciler.ts'
import { startWorkLoop, type WorkLoopOptions } from '../../src/agent/work-loop.ts'
import type { Nft } from '../../src/kernel/run-nft.ts'
import { decodeRaw } from '../laws/decode-cluster.ts'

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db', namespace: 'shop', labels: { app: 'db' } },
  spec: { containers: [] },
  status: { phase: 'Running', podIPs: [{ ip: '10.64.0.1' }] },
}
const POLICY = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'db', namespace: 'shop' },
  spec: { podSelector: {}, ingress: [] },
}

function put(raw: unknown): Change {
  const object = decodeRaw(raw)
  ok(object)
  return { type: 'put', object }
}

/** A reconciler over a kernel that refuses when told, and what both were seen to do, in order. */
function seenReconciler() {
  const seen: string[] = []
  const kernel = { refusals: 0, next: 0 }
  const port: KernelPort = {
    async apply(text) {
      const whole = text.includes('delete table') ? 'the whole' : 'a change'
      seen.push(`kernel is given ${whole} while ${String(reconciler.generation)} stands`)
      await setImmediate()
      if (kernel.refusals > 0) {
        kernel.refusals -= 1
        seen.push('kernel refuses')
        return { ok: false, kind: 'busy', message: '' }
      }
      seen.push('kernel takes it')
      return { ok: true, durationMilliseconds: 0 }
    },
    list: () => Promise.resolve(kernel.next === 0 ? { kind: 'no table' } : { kind: 'failed', message: '' }),
    nextGeneration: () => Promise.resolve((kernel.next += 1)),
  }
  const reconciler = createReconciler({
    engine: createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS }),
    kernel: port,
    ruleset: DEFAULT_OPTIONS,
    now: () => 0,
    verified: () => undefined,
    applied: ({ ok: fine, reason, generation }: Application) =>
      void seen.push(`${reason} ${generation} ${fine ? 'recorded' : 'failed'}`),
  })
  return { reconciler, kernel, seen }
}

/** What is recorded is in the kernel; a number is in force when the kernel has it; after a refusal the whole is loaded. */
export async function reconcilerKeepsOrder(): Promise<void> {
  const { reconciler, kernel, seen } = seenReconciler()
  strictEqual(await reconciler.start([put(POD)]), true)
  deepStrictEqual(seen.splice(0), [
    'kernel is given the whole while undefined stands',
    'kernel takes it',
    'start 1 recorded',
  ])

  strictEqual(await reconciler.apply([put(POLICY)]), true)
  const steps = seen.splice(0)
  strictEqual(steps.at(-1), 'changes 2 recorded')
  for (const [index, step] of steps.slice(0, -1).entries()) {
    strictEqual(step, index % 2 === 0 ? 'kernel is given a change while 1 stands' : 'kernel takes it')
  }
  strictEqual(reconciler.generation, 2)

  kernel.refusals = 2
  strictEqual(await reconciler.apply([{ type: 'remove', kind: 'NetworkPolicy', namespace: 'shop', name: 'db' }]), false)
  strictEqual(reconciler.generation, 2)
  deepStrictEqual(seen.splice(0), [
    'kernel is given a change while 2 stands',
    'kernel refuses',
    'changes 2 failed',
    'kernel is given the whole while 2 stands',
    'kernel refuses',
    'rebuild 3 failed',
  ])
  strictEqual(await reconciler.verify(), true)
  deepStrictEqual(seen.splice(0), ['kernel is given the whole while 2 stands', 'kernel takes it', 'rebuild 4 recorded'])
}

/** While the kernel is held nft is asked for nothing; what waited is done when it is let go. */
export async function heldKernelWaits(): Promise<void> {
  const seen: string[] = []
  const nft = {
    apply: () => Promise.resolve(seen.push('apply')).then(() => ({ kind: 'ok', durationMilliseconds: 0 })),
    list: () => Promise.resolve(seen.push('list')).then(() => ({ kind: 'no-table' })),
  }
  const inUse = () => Promise.resolve({ carried: new Set<number>(), complete: true })
  const kernel = kernelOfNode({ nft: nft as unknown as Nft, markMask: 0xfff00000, allocated: () => {}, inUse })
  kernel.hold(true)
  const waiting = [kernel.apply(''), kernel.list()]
  for (let turn = 0; turn < 10; turn += 1) await setImmediate()
  deepStrictEqual(seen, [])
  kernel.hold(false)
  await Promise.all(waiting)
  deepStrictEqual(new Set(seen), new Set(['apply', 'list']))
}

/** Nothing before all is told; a version counts when what it told is in the kernel; after a failure it is tried again. */
export async function loopKeepsOrder(): Promise<void> {
  const seen: string[] = []
  const answers: boolean[] = []
  const told: (string | undefined)[] = []
  const source = { version: 1 }
  const hold = { release: (): void => undefined }
  const work = async (what: string, changes: readonly EngineChange[] = []) => {
    seen.push(`${what} ${changes.map((one) => (one.type === 'put' ? one.object.name : 'gone')).join()}`)
    await new Promise<void>((resolve) => {
      hold.release = resolve
    })
    return answers.shift() ?? true
  }
  const reconciler: WorkLoopOptions['reconciler'] = {
    start: (changes) => work('start', changes),
    apply: (changes) => work('apply', changes),
    verify: () => work('verify'),
    refresh: () => Promise.resolve(true),
    rejudge: () => Promise.resolve(true),
  }
  const versions = createAppliedVersions({ seen: () => ({ pods: String(source.version) }), isIdle: () => loop.isIdle })
  const loop = startWorkLoop({
    reconciler,
    pacer: { delay: () => 0, turnBegan: () => undefined },
    now: () => 0,
    turnBegan: versions.turnBegan,
    turnEnded(upToDate) {
      versions.turnEnded(upToDate)
      told.push(versions.read()['pods'])
    },
    failed: (error) => void seen.push(String(error)),
    backOff: () => 0,
  })
  const rest = async () => {
    for (let turn = 0; turn < 5; turn += 1) await setImmediate()
  }
  const finish = async () => {
    hold.release()
    await rest()
  }

  loop.push([put(POD)])
  await rest()
  deepStrictEqual(seen, [])
  loop.push([{ type: 'remove', kind: 'Pod', namespace: 'shop', name: 'db' }])
  loop.synced()
  await rest()
  source.version = 2
  loop.push([put(POLICY)])
  await finish()
  deepStrictEqual(seen, ['start gone', 'apply db'])
  deepStrictEqual(versions.read(), { pods: '1' })
  answers.push(false)
  await finish()
  deepStrictEqual(seen.at(-1), 'verify ')
  deepStrictEqual(versions.read(), { pods: '1' })
  await finish()
  deepStrictEqual(versions.read(), { pods: '2' })
  await loop.stop()
  strictEqual(seen.length, 3)
  deepStrictEqual(told, ['1', '1', '2'])
}
