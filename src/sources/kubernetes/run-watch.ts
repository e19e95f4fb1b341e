import { applyEvents, type EventSink } from './apply-events.ts'
import { ClusterError } from './cluster-error.ts'
import { createDeadline } from './deadline.ts'
import type { Resource } from './resources.ts'
import type { Seams } from './seams.ts'
import type { StreamState } from './stream-state.ts'
import type { Transport } from './transport.ts'
import { watchStream, type WatchStart } from './watch-stream.ts'

export interface RunWatchOptions {
  readonly resource: Resource
  readonly transport: Transport
  readonly seams: Seams
  readonly state: StreamState
  /** With a stage where the watch begins with the initial events. */
  readonly sink: EventSink
  readonly from: WatchStart
  readonly stop: AbortSignal
}

/**
 * One watch from its request to its end, under its deadlines. Resolves when the server ended it as it should, or when
 * stopped; throws a ClusterError for every other end, and whatever the sink throws.
 */
export async function runWatch({
  resource,
  transport,
  seams,
  state,
  sink,
  from,
  stop,
}: RunWatchOptions): Promise<void> {
  const { now, random, timings } = seams
  const { plural } = resource
  const seconds = (timings.watch / 1000) * (1 + random())
  const deadline = createDeadline(stop)
  let opened = now()
  let events = 0

  function waitForAll(): void {
    const late = `${plural}: the watch has not ended when it should have`
    deadline.set(seconds * 1000 + timings.watchGrace, 'deadline', late)
  }

  function waitForInitial(): void {
    const late = `${plural}: the API server does not say where the initial events of the watch end`
    const left = opened + timings.initialTotal - now()
    deadline.set(Math.max(0, Math.min(timings.initialSilence, left)), 'no-initial-end', late)
  }

  waitForAll()
  try {
    const batches = watchStream({
      transport,
      resource,
      from,
      seconds,
      signal: deadline.signal,
      timings,
      onOpen: () => {
        opened = now()
        state.heard()
        state.connected = true
        state.state = sink.stage === undefined ? 'connected' : 'connected, reading the first objects'
        if (sink.stage !== undefined) waitForInitial()
      },
      onBytes: () => {
        state.heard()
        if (sink.stage !== undefined) waitForInitial()
      },
    })
    for await (const batch of batches) {
      // What arrives after the stop is nobody's business any more.
      if (stop.aborted) return
      events += batch.length
      const staged = sink.stage !== undefined
      applyEvents(batch, sink)
      if (staged && sink.stage === undefined) {
        state.state = 'connected'
        waitForAll()
      }
    }
  } finally {
    deadline.end()
  }
  if (sink.stage !== undefined) {
    const message = `${plural}: the watch ended before its initial events did`
    throw new ClusterError({ kind: 'connection', code: 'no-initial-end' }, message)
  }
  if (events === 0 && now() - opened < timings.shortWatch) {
    const message = `${plural}: the watch ended at once, without an event`
    throw new ClusterError({ kind: 'connection', code: 'short' }, message)
  }
  state.restarted('closed')
}
