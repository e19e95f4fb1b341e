import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { onTestFinished } from 'vitest'
import { bookmarkLine, eventLine, type FakeObject, partial, statusObject } from './fake-objects.ts'
import { createFakeResource, type FakeResource } from './fake-resource.ts'

export interface FakeRequest {
  readonly plural: string
  readonly verb: 'list' | 'watch' | 'get'
  /** Of a get: `namespace/name`. */
  readonly of?: string
  readonly query: URLSearchParams
  readonly authorization: string
  readonly accept: string
  readonly at: number
}

/** Answers one request in place of the fake's own behaviour; `false`: leaves it to that after all. */
export type Answer = (request: FakeRequest, response: ServerResponse) => void | false

export interface FakeApi {
  readonly url: string
  readonly requests: readonly FakeRequest[]
  /** Objects by plural; those that are not known yet begin empty. */
  resource(plural: string): FakeResource
  /** The answer to the next request that nothing else answers before. */
  answerNext(plural: string, verb: FakeRequest['verb'], answer: Answer): void
  /** How watches with sendInitialEvents are taken: by default as a server of today does. */
  initialEvents: 'sent' | 'refused' | 'ignored' | 'without end'
  /** With it, a list with resourceVersion=0 comes whole, as from the watch cache. */
  listsWholeFromCache: boolean
  /** Takes requests that want another protocol than HTTP, which nobody takes else. */
  onUpgrade(take: (message: IncomingMessage, socket: Duplex, head: Buffer) => void): void
  listsOf(plural: string): readonly FakeRequest[]
  watchesOf(plural: string): readonly FakeRequest[]
  getsOf(plural: string): readonly FakeRequest[]
  close(): Promise<void>
}

/** An API server that does what it is told, on loopback; gone when the test is over. */
export async function startFakeApi(): Promise<FakeApi> {
  const requests: FakeRequest[] = []
  const resources = new Map<string, FakeResource>()
  const answers: { plural: string; verb: string; answer: Answer }[] = []
  const server = createServer((message, response) => {
    const request = readRequest(message)
    requests.push(request)
    const index = answers.findIndex(({ plural, verb }) => plural === request.plural && verb === request.verb)
    const [special] = index === -1 ? [] : answers.splice(index, 1)
    if (special !== undefined && special.answer(request, response) !== false) return
    if (request.verb === 'get') sendOne(request, response)
    else if (request.verb === 'list') sendList(request, response)
    else sendWatch(request, response)
  })

  function resource(plural: string): FakeResource {
    let known = resources.get(plural)
    if (known === undefined) resources.set(plural, (known = createFakeResource(plural)))
    return known
  }

  function sendOne({ plural, of = '' }: FakeRequest, response: ServerResponse): void {
    const object = resource(plural).one(of)
    if (object === undefined) return sendStatus(response, 404, 'NotFound', `${plural} "${of}" not found`)
    response.end(JSON.stringify(object))
  }

  function sendList({ plural, query, accept }: FakeRequest, response: ServerResponse): void {
    const known = resource(plural)
    const whole = api.listsWholeFromCache && query.get('resourceVersion') === '0'
    const page = known.page(query.get('continue') ?? '', whole ? 0 : Number(query.get('limit') ?? '0'))
    if (page === undefined) return sendStatus(response, 410, 'Expired', 'the continue token is too old')
    const metadataOnly = accept.startsWith('application/json;as=Partial')
    const items = page.items.map((object) => (metadataOnly ? partial(object) : object))
    const metadata = { resourceVersion: page.version, ...(page.token === '' ? {} : { continue: page.token }) }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata, items }))
  }

  function sendWatch({ plural, query, accept }: FakeRequest, response: ServerResponse): void {
    const known = resource(plural)
    const metadataOnly = accept.startsWith('application/json;as=Partial')
    const show = (object: FakeObject): FakeObject => (metadataOnly ? partial(object) : object)
    const initial = query.get('sendInitialEvents') === 'true'
    if (initial && api.initialEvents === 'refused') {
      return sendStatus(response, 422, 'Invalid', 'sendInitialEvents is forbidden for watch')
    }
    const from = query.get('resourceVersion') ?? ''
    if (!initial && known.isCompacted(from))
      return sendStatus(response, 410, 'Expired', `too old resource version: ${from}`)
    response.setHeader('content-type', 'application/json')
    response.flushHeaders()
    if (initial) {
      for (const object of known.all()) response.write(eventLine('ADDED', show(object)))
      if (api.initialEvents === 'sent') response.write(bookmarkLine(known.version(), true))
    } else for (const { type, object } of known.since(from)) response.write(eventLine(type, show(object)))
    known.join({ response, show })
  }

  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  onTestFinished(close)

  const of = (verb: string, plural: string): readonly FakeRequest[] =>
    requests.filter((request) => request.verb === verb && request.plural === plural)
  const api: FakeApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    resource,
    answerNext: (plural, verb, answer) => void answers.push({ plural, verb, answer }),
    initialEvents: 'sent',
    listsWholeFromCache: false,
    onUpgrade: (take) => void server.on('upgrade', take),
    listsOf: (plural) => of('list', plural),
    watchesOf: (plural) => of('watch', plural),
    getsOf: (plural) => of('get', plural),
    close,
  }
  return api
}

/** A refusal as the API server words it. */
export function sendStatus(
  response: ServerResponse,
  code: number,
  reason: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(statusObject(code, reason, message)))
}

function readRequest(message: IncomingMessage): FakeRequest {
  const url = new URL(message.url ?? '', 'http://fake')
  const [, namespace, plural = '', name] = /\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(url.pathname) ?? []
  const one = name === undefined ? undefined : ({ verb: 'get', plural, of: `${namespace}/${name}` } as const)
  return {
    plural: url.pathname.slice(url.pathname.lastIndexOf('/') + 1),
    verb: url.searchParams.get('watch') === '1' ? 'watch' : 'list',
    ...one,
    query: url.searchParams,
    authorization: message.headers.authorization ?? '',
    accept: message.headers.accept ?? '',
    at: performance.now(),
  }
}
