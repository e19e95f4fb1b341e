import type { StreamStatus } from '../source.ts'

/** The mutable side of a StreamStatus. */
export interface StreamState {
  synced: boolean
  connected: boolean
  state: string
  /** Of the last event, bookmark or list; empty: there is none to go on from. */
  version: string
  heard(): void
  restarted(reason: string): void
  relisted(reason: string): void
  status(objects: number): StreamStatus
}

export function createStreamState(name: string, now: () => number): StreamState {
  const restarts: Record<string, number> = {}
  const relists: Record<string, number> = {}
  let lastHeard: number | undefined
  const state: StreamState = {
    synced: false,
    connected: false,
    state: 'not begun',
    version: '',
    heard: () => {
      lastHeard = now()
    },
    restarted: (reason) => {
      restarts[reason] = (restarts[reason] ?? 0) + 1
    },
    relisted: (reason) => {
      relists[reason] = (relists[reason] ?? 0) + 1
    },
    status: (objects) => ({
      name,
      synced: state.synced,
      state: state.state,
      connected: state.connected,
      silentFor: lastHeard === undefined ? undefined : Math.max(0, now() - lastHeard),
      resourceVersion: state.version,
      objects,
      restarts: { ...restarts },
      relists: { ...relists },
    }),
  }
  return state
}
