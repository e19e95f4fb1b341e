import type { EngineChange } from '../../compiler/engine/change.ts'
import type { Sandbox } from '../../compiler/objects/sandbox.ts'

/** So long who calls the address of a pod that is not known yet is told nothing, and tries again. */
const YOUNG_MILLISECONDS = 5_000

/**
 * What the engine is told of sandboxes beyond their files: that one has stood for long, and that one has ended, for as long as its
 * pod is there, whose status may still name the addresses.
 */
export interface SandboxFeed {
  /** The changes as the engine is to have them; in their order. */
  take(changes: readonly EngineChange[]): readonly EngineChange[]
  /** Those that came since the start and whose addresses all pass by now; each once. */
  takeSettled(passes: (address: string) => boolean): readonly Sandbox[]
  stop(): void
}

export interface SandboxFeedOptions {
  /** Changes that time brings. */
  readonly push: (changes: readonly EngineChange[]) => void
  /** The uid of a pod `namespace/name` that is known; undefined: none is. */
  readonly uidOf: (pod: string) => string | undefined
  /** Milliseconds since 1970, as files are dated; it may jump. */
  readonly now?: () => number
}

export function createSandboxFeed({ push, uidOf, now = Date.now }: SandboxFeedOptions): SandboxFeed {
  const told = new Map<string, Sandbox>()
  /** Keys of those that have ended, by their pods. */
  const ended = new Map<string, Set<string>>()
  const waiting = new Map<string, Sandbox>()
  /** Of those that are young. A timer never jumps; how old a sandbox is by its file is asked once, when it is first told. */
  const timers = new Map<string, NodeJS.Timeout>()
  const startedAt = now()

  function put(sandbox: Sandbox): EngineChange {
    const { key } = sandbox
    const before = told.get(key)
    if (before?.order !== sandbox.order || before.isEnded === true) begin(sandbox)
    const object: Sandbox = timers.has(key) ? sandbox : { ...sandbox, isAged: true }
    told.set(key, object)
    return { type: 'put', object }
  }

  function begin(sandbox: Sandbox): void {
    const { key, writtenAt } = sandbox
    stopTimer(key)
    if (writtenAt >= startedAt) waiting.set(key, sandbox)
    const age = Math.max(0, now() - writtenAt)
    if (age < YOUNG_MILLISECONDS) timers.set(key, setTimeout(() => grow(key), YOUNG_MILLISECONDS - age).unref())
  }

  function grow(key: string): void {
    timers.delete(key)
    const known = told.get(key)
    if (known !== undefined) push([put(known)])
  }

  function stopTimer(key: string): void {
    clearTimeout(timers.get(key))
    timers.delete(key)
  }

  /** Its addresses are held from now on, as long as a pod is there that might still claim them. */
  function end(key: string): EngineChange {
    const known = told.get(key)
    stopTimer(key)
    waiting.delete(key)
    told.delete(key)
    if (known === undefined || uidOf(`${known.namespace}/${known.name}`) === undefined) {
      return { type: 'remove', kind: 'Sandbox', key }
    }
    const object: Sandbox = { ...known, isEnded: true }
    const pod = `${known.namespace}/${known.name}`
    told.set(key, object)
    ended.set(pod, (ended.get(pod) ?? new Set()).add(key))
    return { type: 'put', object }
  }

  /** A pod has gone, or another has its name: what ended of it means nothing any more. */
  function forget(pod: string, uid: string | undefined): readonly EngineChange[] {
    const keys = ended.get(pod)
    if (keys === undefined || (uid !== undefined && uid === uidOf(pod))) return []
    ended.delete(pod)
    return [...keys].flatMap((key): readonly EngineChange[] => {
      if (told.get(key)?.isEnded !== true) return []
      told.delete(key)
      return [{ type: 'remove', kind: 'Sandbox', key }]
    })
  }

  return {
    take: (changes) =>
      changes.flatMap((change): readonly EngineChange[] => {
        if (change.type === 'hold' || change.type === 'suspicion') return [change]
        if (change.type === 'put') {
          const { object } = change
          if (object.kind === 'Sandbox') return [put(object)]
          return object.kind === 'Pod'
            ? [change, ...forget(`${object.namespace}/${object.name}`, object.uid)]
            : [change]
        }
        if (change.kind === 'Sandbox') return [end(change.key)]
        return change.kind === 'Pod' ? [change, ...forget(`${change.namespace}/${change.name}`, undefined)] : [change]
      }),
    takeSettled(passes) {
      const settled = [...waiting.values()].filter(({ addresses }) => addresses.every(passes))
      for (const { key } of settled) waiting.delete(key)
      return settled
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
