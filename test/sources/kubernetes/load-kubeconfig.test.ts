import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { stringify } from 'yaml'
import { checkConfigured, createClusterAccess } from '../../../src/sources/kubernetes/cluster-access.ts'
import { ClusterError } from '../../../src/sources/kubernetes/cluster-error.ts'
import { serviceAccountTarget } from '../../../src/sources/kubernetes/service-account.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

beforeEach(() => {
  vi.stubEnv('KUBECONFIG', '')
  vi.stubEnv('HOME', temporaryFolder())
  vi.stubEnv('KUBERNETES_SERVICE_HOST', '')
})
afterEach(() => vi.unstubAllEnvs())

interface Parts {
  readonly cluster?: Record<string, unknown>
  readonly user?: Record<string, unknown> | null
  readonly name?: string
}

function configText({
  cluster = { server: 'https://10.0.0.1:6443' },
  user = { token: 'secret' },
  name = 'lab',
}: Parts): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: user === null ? [] : [{ name: `${name}-user`, user }],
    contexts: [{ name, context: { cluster: name, user: `${name}-user` } }],
    'current-context': name,
  })
}

function write(parts: Parts, files: Record<string, string> = {}): string {
  return join(temporaryFolder({ ...files, config: configText(parts) }), 'config')
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('a kubeconfig gives', () => {
  test('the token and the CA of its current context', async () => {
    const kubeconfig = write({
      cluster: { server: 'https://10.0.0.1:6443', 'certificate-authority-data': base64('CA') },
    })
    const { server, headers, tls } = await createClusterAccess({ kubeconfig }).target()
    expect(server.href).toBe('https://10.0.0.1:6443/')
    expect(headers).toEqual({ authorization: 'Bearer secret' })
    expect(tls.ca?.toString()).toBe('CA')
  })

  test('the CA without any user as well', async () => {
    const cluster = { server: 'https://10.0.0.1:6443', 'certificate-authority-data': base64('CA') }
    const { headers, tls } = await createClusterAccess({ kubeconfig: write({ cluster, user: null }) }).target()
    expect(headers).toEqual({})
    expect(tls.ca?.toString()).toBe('CA')
  })

  test('http:// with a bearer token', async () => {
    const kubeconfig = write({ cluster: { server: 'http://10.0.0.1:8080' } })
    const { server, headers } = await createClusterAccess({ kubeconfig }).target()
    expect(server.protocol).toBe('http:')
    expect(headers['authorization']).toBe('Bearer secret')
  })

  test('client certificates, by data and by files beside it', async () => {
    const user = { 'client-certificate': 'cert.pem', 'client-key-data': base64('KEY') }
    const { tls } = await createClusterAccess({ kubeconfig: write({ user }, { 'cert.pem': 'CERT' }) }).target()
    expect([tls.cert?.toString(), tls.key?.toString()]).toEqual(['CERT', 'KEY'])
  })

  test('a token file, whose new content counts before the old token', async () => {
    const kubeconfig = write({ user: { tokenFile: 'token', token: 'stale' } }, { token: 'first\n' })
    const access = createClusterAccess({ kubeconfig })
    expect((await access.target()).headers).toEqual({ authorization: 'Bearer first' })
    writeFileSync(join(kubeconfig, '..', 'token'), 'second')
    access.refresh()
    expect((await access.target()).headers).toEqual({ authorization: 'Bearer second' })
  })

  test('what a credential plugin prints', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'printed' },
    }
    const user = { exec: { apiVersion: credential.apiVersion, command: 'echo', args: [JSON.stringify(credential)] } }
    const { headers } = await createClusterAccess({ kubeconfig: write({ user }) }).target()
    expect(headers).toEqual({ authorization: 'Bearer printed' })
  })

  test('tls-server-name, insecure-skip-tls-verify, proxy-url and a path below which everything is', async () => {
    const cluster = {
      server: 'https://rancher/k8s/clusters/c-1',
      'tls-server-name': 'inner',
      'insecure-skip-tls-verify': true,
      'proxy-url': 'http://proxy:3128',
    }
    const { server, tls, proxy } = await createClusterAccess({ kubeconfig: write({ cluster }) }).target()
    expect(server.pathname).toBe('/k8s/clusters/c-1')
    expect(tls).toMatchObject({ servername: 'inner', rejectUnauthorized: false })
    expect(proxy).toBe('http://proxy:3128')
  })
})

describe('which one', () => {
  test('the context that is asked for', async () => {
    const folder = temporaryFolder({
      a: configText({ name: 'a' }),
      b: configText({ name: 'b', user: { token: 'of-b' } }),
    })
    vi.stubEnv('KUBECONFIG', `${folder}/a:${folder}/missing:${folder}/b`)
    expect((await createClusterAccess({}).target()).headers).toEqual({ authorization: 'Bearer secret' })
    expect((await createClusterAccess({ context: 'b' }).target()).headers).toEqual({ authorization: 'Bearer of-b' })
  })

  test('of one name in two files the first counts', async () => {
    const folder = temporaryFolder({ a: configText({}), b: configText({ user: { token: 'of-b' } }) })
    vi.stubEnv('KUBECONFIG', `${folder}/a:${folder}/b`)
    expect((await createClusterAccess({}).target()).headers).toEqual({ authorization: 'Bearer secret' })
  })

  test('~/.kube/config where KUBECONFIG is not set', async () => {
    vi.stubEnv('HOME', temporaryFolder({ '.kube/config': configText({ user: { token: 'at-home' } }) }))
    expect((await createClusterAccess({}).target()).headers).toEqual({ authorization: 'Bearer at-home' })
  })

  test('the service account of a pod where there is no file', async () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', 'fd00::1')
    vi.stubEnv('KUBERNETES_SERVICE_PORT', '443')
    // The token is where a pod would have it, and this is none.
    await expect(createClusterAccess({}).target()).rejects.toThrow(/credentials cannot be read: .*serviceaccount/)
  })
})

describe('the service account of a pod', () => {
  const folder = () => temporaryFolder({ token: 'first\n', 'ca.crt': 'CA' })

  test('has its address in the environment, IPv6 in brackets, its token and CA in files', () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', 'fd00::1')
    vi.stubEnv('KUBERNETES_SERVICE_PORT', '6443')
    const { server, headers, tls, proxy } = serviceAccountTarget(folder())
    expect([server.href, headers, tls.ca?.toString(), proxy]).toEqual([
      'https://[fd00::1]:6443/',
      { authorization: 'Bearer first' },
      'CA',
      undefined,
    ])
    // What the client library makes of the same pod.
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.96.0.1')
    const config = new KubeConfig()
    config.loadFromCluster()
    expect(serviceAccountTarget(folder()).server.origin).toBe(config.getCurrentCluster()?.server)
  })

  test('a token that the kubelet has replaced counts at once', () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.96.0.1')
    const place = folder()
    serviceAccountTarget(place)
    writeFileSync(join(place, 'token'), 'second')
    expect(serviceAccountTarget(place).headers).toEqual({ authorization: 'Bearer second' })
  })
})

describe('says what is wrong', () => {
  const failing = async (options: Parameters<typeof createClusterAccess>[0]): Promise<string> => {
    const error: unknown = await createClusterAccess(options)
      .target()
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ClusterError)
    expect((error as ClusterError).failure).toEqual({ kind: 'config' })
    return (error as ClusterError).message
  }

  test('no cluster at all', async () => {
    expect(await failing({})).toBe('no cluster is configured: set --kubeconfig or KUBECONFIG, or run in a pod')
  })

  test('a file that is not there', async () => {
    expect(await failing({ kubeconfig: 'nowhere/config' })).toBe(
      'nowhere/config: no such file or directory; name the kubeconfig of the cluster with --kubeconfig or KUBECONFIG',
    )
    vi.stubEnv('KUBECONFIG', '/nowhere/config')
    expect(await failing({})).toContain('(KUBECONFIG=/nowhere/config names no file that is there)')
  })

  test('no current context', async () => {
    const text = configText({}).replace('current-context: lab', '')
    const kubeconfig = join(temporaryFolder({ config: text }), 'config')
    expect(await failing({ kubeconfig })).toBe(`${kubeconfig}: has no current context; give --context, one of: lab`)
  })

  test('a context that is not there', async () => {
    const kubeconfig = write({})
    expect(await failing({ kubeconfig, context: 'prod' })).toBe(`${kubeconfig}: has no context "prod"; there is: lab`)
  })

  test.each(['', '[]', 'clusters: [{name: x}]', 'a: [', 'clusters: 5'])(
    'a file that is no kubeconfig: %j',
    async (text) => {
      const folder = temporaryFolder({ config: text })
      expect(await failing({ kubeconfig: join(folder, 'config') })).not.toContain('\n')
    },
  )

  test('a CA that is not there', async () => {
    const kubeconfig = write({ cluster: { server: 'https://x', 'certificate-authority': 'gone.pem' } })
    expect(await failing({ kubeconfig })).toContain('gone.pem')
  })

  test.each(['10.0.0.1', 'localhost:6443'])('a server that is no address: %j', async (server) => {
    expect(await failing({ kubeconfig: write({ cluster: { server } }) })).toContain(
      `cluster "lab" has server "${server}", which is no http:// or https:// URL`,
    )
  })
})

describe('configured is', () => {
  test.each([
    ['a server that is away, without credentials', { user: { tokenFile: 'gone' } }],
    ['one with a credential plugin that is not there', { user: { exec: { command: 'gone', apiVersion: 'x/v1' } } }],
  ])('%s', async (_, parts) => {
    await expect(checkConfigured({ kubeconfig: write(parts) })).resolves.toBeUndefined()
  })

  test('what a pod has, and nothing else', async () => {
    await expect(checkConfigured({})).rejects.toThrow('no cluster is configured')
    await expect(checkConfigured({ kubeconfig: write({}), context: 'prod' })).rejects.toThrow('no context "prod"')
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.96.0.1')
    await expect(checkConfigured({})).resolves.toBeUndefined()
  })
})
