import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../../src/telemetry/http-server.ts'
import { ListenError } from '../../src/telemetry/listen-error.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { truthAges } from '../../src/telemetry/truth-age.ts'
import { connectRaw } from './http-client.ts'
import { parseExposition } from './parse-exposition.ts'
import { sampleStream } from './sample-status.ts'

const GET = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`

async function serve(changes: Partial<HttpServerOptions> = {}): Promise<HttpServer> {
  const server = await startHttpServer({
    listen: '127.0.0.1:0',
    metrics: createMetrics({ version: '0.1.0' }),
    health: () => ({ healthy: true, reasons: [] }),
    ready: () => ({ ready: true, reasons: [], truth: truthAges([sampleStream('pods')]) }),
    ...changes,
  })
  onTestFinished(() => server.close())
  return server
}

/** What the server answers to these bytes, the connection ended by the server. */
async function exchange(server: HttpServer, request: string): Promise<string> {
  const connection = await connectRaw(server.address)
  connection.socket.write(request)
  return connection.ended
}

const statusLine = (answer: string): string => answer.split('\r\n', 1)[0] ?? ''

describe('what there is', () => {
  test('/metrics is the text format, to GET and HEAD, with a query too', async () => {
    const { address } = await serve()
    const response = await fetch(`http://${address}/metrics?name=x`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(parseExposition(await response.text()).has('selvedge_build_info')).toBe(true)
    const head = await fetch(`http://${address}/metrics`, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(1000)
    expect(await head.text()).toBe('')
  })

  test('/healthz and /readyz say yes', async () => {
    const { address } = await serve()
    const healthy = await fetch(`http://${address}/healthz`)
    expect([healthy.status, await healthy.json()]).toEqual([200, { healthy: true, reasons: [] }])
    const ready = await fetch(`http://${address}/readyz`)
    expect(ready.headers.get('content-type')).toBe('application/json')
    const truth = [{ stream: 'pods', ageSeconds: 0, silentSeconds: 4.2, connected: true, state: 'connected' }]
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, reasons: [], truth }])
  })

  test('/healthz and /readyz say no, and why, and how old the truth is', async () => {
    const reasons = [{ id: 'nft-missing', problem: 'there is no nft', cure: 'install nftables' }]
    const streams = [
      sampleStream('pods', { connected: false, silentFor: 34_000, state: 'connection refused' }),
      sampleStream('namespaces', { connected: false, synced: false, silentFor: undefined, state: 'connecting' }),
    ]
    const { address } = await serve({
      health: () => ({ healthy: false, reasons }),
      ready: () => ({ ready: false, reasons, truth: truthAges(streams) }),
    })
    const healthy = await fetch(`http://${address}/healthz`)
    expect([healthy.status, await healthy.json()]).toEqual([503, { healthy: false, reasons }])
    const ready = await fetch(`http://${address}/readyz`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({
      ready: false,
      reasons,
      truth: [
        { stream: 'pods', ageSeconds: 34 },
        { stream: 'namespaces', ageSeconds: null },
      ],
    })
  })

  test('a bug behind an answer is a 500 and a line in the log, and the next question is answered', async () => {
    const logged: unknown[] = []
    const log = { error: (message: string) => logged.push(message) } as never
    const server = await serve({
      log,
      ready: () => {
        throw new Error('secret of the inside')
      },
    })
    const answer = await exchange(server, GET('/readyz'))
    expect(statusLine(answer)).toBe('HTTP/1.1 500 Internal Server Error')
    expect(answer).not.toContain('secret')
    expect(logged).toEqual(['cannot answer /readyz'])
    expect(statusLine(await exchange(server, GET('/healthz')))).toBe('HTTP/1.1 200 OK')
  })
})

describe('what there is not', () => {
  test.each(['/', '/metrics/', '/Metrics', '/readyz/x', '/..%2fmetrics', '//metrics', '/debug/pprof', '*'])(
    'GET %s is a 404',
    async (path) => {
      expect(statusLine(await exchange(await serve(), GET(path)))).toBe('HTTP/1.1 404 Not Found')
    },
  )

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
    '%s is a 405 that says what goes',
    async (method) => {
      const answer = await exchange(await serve(), GET('/metrics').replace('GET', method))
      expect(statusLine(answer)).toBe('HTTP/1.1 405 Method Not Allowed')
      expect(answer).toContain('Allow: GET, HEAD\r\n')
    },
  )

  test('CONNECT ends the connection', async () => {
    expect(await exchange(await serve(), 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('')
  })

  test.each([
    ['with a length', 'GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc', '413'],
    ['in chunks', 'GET /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', '413'],
    ['announced', 'GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n', '413'],
    ['of a wrong method', 'POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc', '405'],
    ['to nowhere', 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc', '404'],
  ])('a body %s goes unread', async (_, request, status) => {
    const answer = await exchange(await serve(), request)
    expect(statusLine(answer)).toContain(status)
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(answer).toContain('Connection: close\r\n')
  })

  test('what is no HTTP is a 400', async () => {
    expect(statusLine(await exchange(await serve(), 'hello\r\n\r\n'))).toBe('HTTP/1.1 400 Bad Request')
    const smuggled =
      'GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    expect(statusLine(await exchange(await serve(), smuggled))).toBe('HTTP/1.1 400 Bad Request')
  })
})

describe('bounds', () => {
  test('headers of more than 8 KiB are a 431', async () => {
    const request = GET('/metrics').replace('Host: x', `Host: x\r\nX-Long: ${'x'.repeat(9_000)}`)
    expect(statusLine(await exchange(await serve(), request))).toBe('HTTP/1.1 431 Request Header Fields Too Large')
  })

  test('a request that drips is cut, and others are answered meanwhile', async () => {
    const server = await serve({ limits: { requestMilliseconds: 300 } })
    const slow = await connectRaw(server.address)
    slow.socket.write('GET /metrics HTTP/1.1\r\n')
    let drops = 0
    const drip = setInterval(() => {
      drops += 1
      slow.socket.write(`X-${drops}: x\r\n`)
    }, 20)
    onTestFinished(() => clearInterval(drip))
    expect(statusLine(await exchange(server, GET('/healthz')))).toBe('HTTP/1.1 200 OK')
    expect(statusLine(await slow.ended)).toBe('HTTP/1.1 408 Request Timeout')
  })

  test('a connection that says nothing is cut, before a request and after one', async () => {
    const server = await serve({ limits: { requestMilliseconds: 200, idleMilliseconds: 200 } })
    const silent = await connectRaw(server.address)
    const kept = await connectRaw(server.address)
    kept.socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    await silent.ended
    expect(statusLine(await kept.ended)).toBe('HTTP/1.1 200 OK')
  })

  test('a reader that does not read is cut', async () => {
    const text = `# ${'x'.repeat(32 << 20)}\n`
    const server = await serve({
      limits: { idleMilliseconds: 300 },
      metrics: { contentType: 'text/plain', exposition: () => Promise.resolve(text) },
    })
    const reader = await connectRaw(server.address)
    reader.socket.pause()
    reader.socket.write(GET('/metrics'))
    await sleep(1_500)
    reader.socket.resume()
    expect((await reader.ended).length).toBeLessThan(text.length)
  })

  test('one connection is not for ever, and there are only so many at a time', async () => {
    const server = await serve({ limits: { connections: 3, requestsPerConnection: 2 } })
    const first = await connectRaw(server.address)
    const request = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'
    first.socket.write(request)
    await first.until('"healthy"')
    const others = [await connectRaw(server.address), await connectRaw(server.address)]
    expect(await exchange(server, GET('/healthz'))).toBe('')
    first.socket.write(request)
    expect((await first.until('Connection: close')).match(/HTTP\/1\.1 200/g)).toHaveLength(2)
    first.socket.write(request)
    expect(await first.until('503')).toContain('HTTP/1.1 503 Service Unavailable')
    for (const { socket } of others) socket.destroy()
    await sleep(50)
    expect(statusLine(await exchange(server, GET('/healthz')))).toBe('HTTP/1.1 200 OK')
  })

  test('closing ends connections that are kept open, and those that wait for an answer', async () => {
    const server = await startHttpServer({
      listen: '127.0.0.1:0',
      limits: { idleMilliseconds: 600_000 },
      // An answer that never comes.
      metrics: { contentType: 'text/plain', exposition: () => new Promise(() => undefined) },
      health: () => ({ healthy: true, reasons: [] }),
      ready: () => ({ ready: true, reasons: [], truth: [] }),
    })
    const kept = await connectRaw(server.address)
    kept.socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    await kept.until('"healthy"')
    const halfway = await connectRaw(server.address)
    halfway.socket.write(GET('/metrics'))
    await sleep(20)
    await server.close()
    await Promise.all([kept.ended, halfway.ended])
    expect(await halfway.ended).toBe('')
    await expect(fetch(`http://${server.address}/healthz`)).rejects.toThrow('fetch failed')
  })
})

describe('where it listens', () => {
  test('an IPv6 literal stands in brackets, both ways', async () => {
    const server = await serve({ listen: '[::1]:0' })
    expect(server.address).toMatch(/^\[::1\]:\d+$/)
    expect((await fetch(`http://${server.address}/healthz`)).status).toBe(200)
  })

  test('a port in use is an error in words', async () => {
    const { address } = await serve()
    const error = await serve({ listen: address }).catch((each: unknown) => each)
    expect(error).toBeInstanceOf(ListenError)
    expect(error).toMatchObject({ kind: 'in use', hint: expect.stringContaining('--listen') })
    expect(String(error)).toBe(
      `ListenError: --listen ${address}: the port is in use, perhaps by another agent on this node`,
    )
  })

  test.each([
    ['nonsense', 'not an address'],
    ['127.0.0.1', 'not an address'],
    ['127.0.0.1:70000', 'not an address'],
    ['192.0.2.1:0', 'address not here'],
    ['[2001:db8::1]:0', 'address not here'],
  ])('%s: %s', async (listen, kind) => {
    await expect(serve({ listen })).rejects.toMatchObject({ name: 'ListenError', kind })
  })
})
