import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { createClusterAccess } from '../../../src/sources/kubernetes/cluster-access.ts'
import { createTransport, type Transport } from '../../../src/sources/kubernetes/transport.ts'
import { type Certificate, makeCertificate } from '../../support/make-certificate.ts'
import { writeKubeconfig } from '../../support/write-kubeconfig.ts'

interface SecureApi {
  readonly server: Server
  readonly url: string
  /** Common names of the clients' certificates, and how many connections there were. */
  readonly clients: string[]
  connections: number
}

const signed = (by: Certificate, of: string, address?: string): Certificate =>
  makeCertificate({
    commonName: of,
    ...(address === undefined ? {} : { address }),
    issuer: { commonName: 'ca', key: by.key },
  })

async function startSecure(ca: Certificate): Promise<SecureApi> {
  const { certificate, key } = signed(ca, 'server', '127.0.0.1')
  const server = createServer({
    cert: certificate,
    key,
    ca: ca.certificate,
    requestCert: true,
    rejectUnauthorized: false,
  })
  const api: SecureApi = { server, url: '', clients: [], connections: 0 }
  server.on('secureConnection', () => {
    api.connections += 1
  })
  server.on('request', (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate()
    api.clients.push(String(subject?.CN ?? 'nobody'))
    response.end('{}')
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    ...api,
    clients: api.clients,
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return api.connections
    },
  }
}

/** A kubeconfig whose CA and client certificate are files, as on a node. */
function connect(url: string, ca: Certificate, client: Certificate): { transport: Transport; folder: string } {
  const kubeconfig = writeKubeconfig(
    { server: url, 'certificate-authority': 'ca.pem' },
    { 'client-certificate': 'client.pem', 'client-key': 'client.key' },
    { 'ca.pem': ca.certificate, 'client.pem': client.certificate, 'client.key': client.key },
  )
  const transport = createTransport(createClusterAccess({ kubeconfig }), 15_000)
  onTestFinished(() => transport.close())
  return { transport, folder: dirname(kubeconfig) }
}

async function get(transport: Transport): Promise<string> {
  const { signal } = new AbortController()
  const request = { path: '/api', query: {}, accept: '*/*', signal, headersTimeout: 5_000, bodyTimeout: 5_000 }
  const pieces: Buffer[] = []
  for await (const piece of await transport.get(request)) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

test('requests share connections as long as nothing changes, and a rotated client certificate is used at once', async () => {
  const ca = makeCertificate({ commonName: 'ca' })
  const api = await startSecure(ca)
  const { transport, folder } = connect(api.url, ca, signed(ca, 'first'))
  for (let times = 0; times < 10; times += 1) await get(transport)
  // One is still being handed back when the next request comes.
  expect(api.connections).toBeLessThanOrEqual(2)
  const before = api.connections
  const second = signed(ca, 'second')
  writeFileSync(join(folder, 'client.pem'), second.certificate)
  writeFileSync(join(folder, 'client.key'), second.key)
  await get(transport)
  expect(api.clients).toEqual([...Array<string>(10).fill('first'), 'second'])
  expect(api.connections).toBe(before + 1)
})

test('a CA that is replaced on disk counts from the next request on', async () => {
  const old = makeCertificate({ commonName: 'ca' })
  const ca = makeCertificate({ commonName: 'ca' })
  const api = await startSecure(ca)
  const { transport, folder } = connect(api.url, old, signed(ca, 'client'))
  await expect(get(transport)).rejects.toMatchObject({ failure: { kind: 'connection', code: 'certificate' } })
  writeFileSync(join(folder, 'ca.pem'), ca.certificate)
  expect(await get(transport)).toBe('{}')
})
