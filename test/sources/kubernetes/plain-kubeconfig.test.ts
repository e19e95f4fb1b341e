import { writeFileSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { plainKubeconfig } from '../../../src/sources/kubernetes/plain-kubeconfig.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

function write(cluster: object, user: object, files: Readonly<Record<string, string>> = {}): string {
  const text = stringify({
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'any' } }],
    'current-context': 'x',
  })
  return join(temporaryFolder({ ...files, config: text }), 'config')
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const server = 'https://10.0.0.1:6443/below'

const SAME: readonly (readonly [
  what: string,
  cluster: object,
  user: object,
  files: Readonly<Record<string, string>>,
])[] = [
  ['nothing but a server', { server }, {}, {}],
  ['a token', { server }, { token: 'secret' }, {}],
  [
    'data',
    { server, 'certificate-authority-data': base64('CA') },
    { 'client-certificate-data': base64('C'), 'client-key-data': base64('K') },
    {},
  ],
  [
    'files beside it',
    { server, 'certificate-authority': 'ca.pem' },
    { 'client-certificate': './c.pem', 'client-key': 'k.pem' },
    { 'ca.pem': 'CA', 'c.pem': 'C', 'k.pem': 'K' },
  ],
  [
    'another name, and no verification',
    { server, 'tls-server-name': 'inner', 'insecure-skip-tls-verify': true },
    {},
    {},
  ],
  ['empty fields', { server, 'certificate-authority': '', 'tls-server-name': '' }, { token: '', 'client-key': '' }, {}],
]

test.each(SAME)('%s: as the client library has it', async (_, cluster, user, files) => {
  const file = write(cluster, user, files)
  const config = new KubeConfig()
  config.loadFromFile(file)
  const options: RequestOptions & { servername?: string } = { headers: {} }
  await config.applyToHTTPSOptions(options)
  const target = plainKubeconfig([file], undefined)?.()
  const text = (value: unknown): string | undefined => (Buffer.isBuffer(value) ? value.toString() : undefined)
  expect(target).toBeDefined()
  expect({
    server: target?.server.href,
    authorization: target?.headers['authorization'],
    tls: [text(target?.tls.ca), text(target?.tls.cert), text(target?.tls.key)],
    servername: target?.tls.servername,
    verified: target?.tls.rejectUnauthorized !== false,
  }).toEqual({
    server: config.getCurrentCluster()?.server,
    authorization: (options.headers as Readonly<Record<string, unknown>>)['Authorization'],
    tls: [text(options.ca), text(options.cert), text(options.key)],
    servername: options.servername,
    verified: options.rejectUnauthorized !== false,
  })
})

// As client-go has it (clientcmd/api/v1: the data overrides the file); the library reads the file first.
test('data counts before a file', () => {
  const cluster = { server, 'certificate-authority': 'gone.pem', 'certificate-authority-data': base64('CA') }
  expect(plainKubeconfig([write(cluster, {})], undefined)?.().tls.ca?.toString()).toBe('CA')
})

test('files that it names are read each time', () => {
  const file = write({ server }, { tokenFile: 'token', token: 'stale' }, { token: 'first\n' })
  const target = plainKubeconfig([file], undefined)
  expect(target?.().headers).toEqual({ authorization: 'Bearer first' })
  writeFileSync(join(file, '..', 'token'), 'second')
  expect(target?.().headers).toEqual({ authorization: 'Bearer second' })
})

test.each([
  ['a credential plugin', { exec: { command: 'x', apiVersion: 'client.authentication.k8s.io/v1' } }],
  ['a provider', { 'auth-provider': { name: 'oidc' } }],
  ['impersonation', { token: 't', as: 'someone' }],
  ['a password', { username: 'u', password: 'p' }],
])('%s is for the client library', (_, user) => {
  expect(plainKubeconfig([write({ server }, user)], undefined)).toBeUndefined()
})

test('so is a context that is not there', () => {
  expect(plainKubeconfig([write({ server }, {})], 'other')).toBeUndefined()
})
