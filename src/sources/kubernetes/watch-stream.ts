import type { Resource } from './resources.ts'
import { createLineSplitter } from './split-lines.ts'
import type { Timings } from './seams.ts'
import type { Transport } from './transport.ts'
import { readWatchEvent, type WatchEvent } from './watch-event.ts'

/** Go on from this version; `initial`: send everything that there is first, then a bookmark that says so. */
export type WatchStart = { readonly version: string } | 'initial'

export interface WatchRequest {
  readonly transport: Transport
  readonly resource: Resource
  readonly from: WatchStart
  /** Seconds after which the server is to end the watch. */
  readonly seconds: number
  readonly signal: AbortSignal
  readonly timings: Timings
  /** The server has accepted the watch. */
  onOpen(): void
  /** Bytes arrived. */
  onBytes(): void
}

/**
 * The events of one watch, those that arrived together in one batch; ends when the server ends it. A line that was cut
 * is dropped: it comes again. Throws a ClusterError.
 */
export async function* watchStream(request: WatchRequest): AsyncGenerator<readonly WatchEvent[]> {
  const { transport, resource, timings } = request
  const body = await transport.get({
    path: resource.path,
    query: watchQuery(request),
    accept: resource.acceptWatch,
    signal: request.signal,
    headersTimeout: timings.watchHeaders,
    bodyTimeout: timings.watchSilence,
  })
  request.onOpen()
  const split = createLineSplitter()
  for await (const piece of body) {
    request.onBytes()
    const lines = split(piece)
    if (lines.length > 0) yield lines.map(readWatchEvent)
  }
}

function watchQuery({ resource, from, seconds }: WatchRequest): Record<string, string> {
  return {
    watch: '1',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(Math.ceil(seconds)),
    ...(resource.fieldSelector === '' ? {} : { fieldSelector: resource.fieldSelector }),
    ...(from === 'initial'
      ? { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan', resourceVersion: '' }
      : { resourceVersion: from.version }),
  }
}
