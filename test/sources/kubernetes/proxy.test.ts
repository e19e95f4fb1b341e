import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createClusterAccess } from '../../../src/sources/kubernetes/cluster-access.ts'
import { createTransport } from '../../../src/sources/kubernetes/transport.ts'
import { makeCertificate } from '../../support/make-certificate.ts'
import { writeKubeconfig } from '../../support/write-kubeconfig.ts'

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Passes requests on, plain ones and tunnels, and notes what it was asked for. */
async function startProxy(): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = []
  const proxy = createServer((incoming: IncomingMessage, response) => {
    asked.push(`${incoming.method} ${incoming.url}`)
    request(incoming.url ?? '', (answer) => answer.pipe(response)).end()
  })
  proxy.on('connect', (incoming, socket) => {
    asked.push(`${incoming.method} ${incoming.url}`)
    const { hostname, port } = new URL(`http://${incoming.url}`)
    const through = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      through.pipe(socket).pipe(through)
    })
    for (const end of [through, socket]) end.on('error', () => through.destroy())
    onTestFinished(() => void through.destroy())
  })
  return { url: `http://127.0.0.1:${await listen(proxy)}`, asked }
}

async function read(cluster: Readonly<Record<string, unknown>>): Promise<string> {
  const kubeconfig = writeKubeconfig(cluster, {})
  const transport = createTransport(createClusterAccess({ kubeconfig }), 15_000)
  onTestFinished(() => transport.close())
  const { signal } = new AbortController()
  const get = { path: '/api', query: {}, accept: '*/*', signal, headersTimeout: 5_000, bodyTimeout: 5_000 }
  const pieces: Buffer[] = []
  for await (const piece of await transport.get(get)) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

test('through the proxy of a kubeconfig, https by a tunnel', async () => {
  const { certificate, key } = makeCertificate({ commonName: 'server', address: '127.0.0.1' })
  const port = await listen(createSecureServer({ cert: certificate, key }, (_, response) => response.end('secure')))
  const proxy = await startProxy()
  const trusted = { 'certificate-authority-data': Buffer.from(certificate).toString('base64') }
  const server = `https://127.0.0.1:${port}`
  expect(await read({ server, 'proxy-url': proxy.url, ...trusted })).toBe('secure')
  expect(proxy.asked).toEqual([`CONNECT 127.0.0.1:${port}`])
})

test('and http', async () => {
  const port = await listen(createServer((_, response) => response.end('plain')))
  const proxy = await startProxy()
  expect(await read({ server: `http://127.0.0.1:${port}`, 'proxy-url': proxy.url })).toBe('plain')
  expect(proxy.asked).toHaveLength(1)
})

test('a proxy of another kind is refused', async () => {
  const cluster = { server: 'http://127.0.0.1:1', 'proxy-url': 'socks5://127.0.0.1:1' }
  await expect(read(cluster)).rejects.toThrow(/only http and https are supported/)
})
