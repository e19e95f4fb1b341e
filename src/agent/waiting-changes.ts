import { changeKey, type EngineChange } from '../../compiler/engine/change.ts'

/** Changes that wait for the next turn: of each object the last one only, so the cluster bounds them, not its events. */
export interface WaitingChanges {
  add(changes: readonly EngineChange[]): void
  /** All of them, in the order in which their objects were first heard of; then there are none. */
  take(): readonly EngineChange[]
  /** Objects whose last change waits. */
  readonly size: number
}

/** Nothing waits yet. */
export function createWaitingChanges(): WaitingChanges {
  let last = new Map<string, EngineChange>()
  return {
    add(changes) {
      for (const change of changes) last.set(changeKey(change), change)
    },
    take() {
      const taken = [...last.values()]
      last = new Map()
      return taken
    },
    get size() {
      return last.size
    },
  }
}
