import { isFields } from '../../../compiler/objects/read-fields.ts'
import { ClusterError, isVersionLost } from './cluster-error.ts'
import type { Resource } from './resources.ts'
import { createItemSplitter } from './split-items.ts'
import type { Transport } from './transport.ts'

/** client-go's page size. A list from the watch cache comes in one piece all the same. */
const PAGE_SIZE = '500'

export interface ListRequest {
  readonly transport: Transport
  readonly resource: Resource
  /**
   * `0`: whatever the watch cache has, which costs the server least; another version: nothing older than that;
   * empty: the newest, from etcd where it must be.
   */
  readonly from: string
  readonly signal: AbortSignal
  /** Milliseconds until a page begins, and of silence within it. */
  readonly timeout: number
  /** Each item as it arrives; undefined: an item that is no JSON. */
  onItem(item: unknown): void
  /** What came so far is void, because the server has lost the version that it was listing. */
  onRestart(): void
  /** Bytes arrived. */
  onBytes?(): void
}

/** Lists everything, page by page; resolves with the version of the list. Throws a ClusterError. */
export async function listPages(request: ListRequest): Promise<string> {
  let from = request.from
  let token = ''
  // A server could lose its version again and again; the caller knows better how long to wait.
  let restarts = 0
  while (true) {
    try {
      const page = await readPage(request, from, token)
      token = page.token
      if (token === '') return page.version
    } catch (error) {
      if (!(error instanceof ClusterError) || !isVersionLost(error) || restarts === 3) throw error
      restarts += 1
      from = ''
      token = ''
      request.onRestart()
    }
  }
}

async function readPage(request: ListRequest, from: string, token: string): Promise<Page> {
  const { transport, resource, signal, timeout } = request
  const splitter = createItemSplitter()
  const body = await transport.get({
    path: resource.path,
    query: pageQuery(resource, from, token),
    accept: resource.acceptList,
    signal,
    headersTimeout: timeout,
    bodyTimeout: timeout,
  })
  for await (const piece of body) {
    request.onBytes?.()
    for (const text of splitter.push(piece)) request.onItem(parseOrNothing(text))
  }
  return readRest(parseOrNothing(splitter.rest() ?? ''))
}

function pageQuery(resource: Resource, from: string, token: string): Record<string, string> {
  const { fieldSelector, labelSelector = '' } = resource
  const selected = {
    ...(fieldSelector === '' ? {} : { fieldSelector }),
    ...(labelSelector === '' ? {} : { labelSelector }),
  }
  if (token !== '') return { ...selected, limit: PAGE_SIZE, continue: token }
  if (from === '') return { ...selected, limit: PAGE_SIZE }
  if (from === '0') return { ...selected, limit: PAGE_SIZE, resourceVersion: from }
  // With a limit this one would come from etcd.
  return { ...selected, resourceVersion: from, resourceVersionMatch: 'NotOlderThan' }
}

interface Page {
  readonly version: string
  /** Of the next page; empty after the last. */
  readonly token: string
}

function readRest(list: unknown): Page {
  const metadata = isFields(list) ? list['metadata'] : undefined
  const version = isFields(metadata) ? metadata['resourceVersion'] : undefined
  const token = isFields(metadata) ? metadata['continue'] : undefined
  if (typeof version === 'string' && version !== '') return { version, token: typeof token === 'string' ? token : '' }
  throw new ClusterError({ kind: 'connection', code: 'malformed' }, 'the API server sends a list that is none')
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
