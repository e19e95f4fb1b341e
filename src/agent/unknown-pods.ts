import { podName } from '../../compiler/objects/pod-name.ts'
import type { Sandbox } from '../../compiler/objects/sandbox.ts'
import type { Source } from '../sources/source.ts'

/**
 * Asks for the pods of sandboxes that nobody has told: a watch that waits before it connects again, for half a minute after failures,
 * keeps nobody held whom the API server would name at once.
 */
export interface UnknownPods {
  /** To be called whenever something may have changed, and now and then. */
  look(): void
  stop(): void
}

export interface UnknownPodsOptions {
  /** Sandboxes whose pods the engine does not know. */
  readonly unheardOf: () => readonly Sandbox[]
  /** Has the pod been told, though the engine does not know it yet? By `namespace/name`. */
  readonly isLate: (pod: string) => boolean
  readonly lookFor: Source['lookFor']
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  /** A bug. */
  readonly failed: (error: unknown) => void
}

interface Unknown {
  readonly sandbox: Sandbox
  /** When it is asked for; infinite: its answer is there, or under way. */
  dueAt: number
  failures: number
}

/** The watch is usually sooner than this. */
const PATIENCE_MILLISECONDS = 50
const LONGEST_BACK_OFF_MILLISECONDS = 30_000

export function createUnknownPods({ unheardOf, isLate, lookFor, now, failed }: UnknownPodsOptions): UnknownPods {
  /** By Sandbox.key. */
  const unknown = new Map<string, Unknown>()
  let timer: NodeJS.Timeout | undefined

  function ask(one: Unknown): void {
    one.dueAt = Number.POSITIVE_INFINITY
    lookFor?.(one.sandbox)
      .then((answer) => {
        if (answer !== 'failed') return
        one.dueAt = now() + Math.min(LONGEST_BACK_OFF_MILLISECONDS, 1000 * 2 ** one.failures)
        one.failures += 1
      })
      .catch(failed)
  }

  function look(): void {
    if (lookFor === undefined) return
    const at = now()
    const sandboxes = unheardOf().filter((sandbox) => !isLate(podName(sandbox)))
    const keys = new Set(sandboxes.map(({ key }) => key))
    for (const key of unknown.keys()) if (!keys.has(key)) unknown.delete(key)
    for (const sandbox of sandboxes) {
      if (unknown.get(sandbox.key)?.sandbox.order === sandbox.order) continue
      unknown.set(sandbox.key, { sandbox, dueAt: at + PATIENCE_MILLISECONDS, failures: 0 })
    }
    for (const one of unknown.values()) if (one.dueAt <= at) ask(one)
    clearTimeout(timer)
    const next = [...unknown.values()].reduce((first, { dueAt }) => Math.min(first, dueAt), Number.POSITIVE_INFINITY)
    timer = Number.isFinite(next) ? setTimeout(look, next - at).unref() : undefined
  }

  return { look, stop: () => clearTimeout(timer) }
}
