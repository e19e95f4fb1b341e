import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execaSync } from 'execa'
import { Agent, request } from 'undici'
import { describeWhere } from './describe-where.ts'
import { kubeconfigText } from './kubeconfig-text.ts'
import { makeCertificate } from './make-certificate.ts'
import { isRequired } from './missing-aloud.ts'
import { PROJECT_ROOT } from './project-root.ts'
import { type RunningServer, startServer } from './start-server.ts'

/** A real kube-apiserver with its etcd, on loopback. */
export interface KubeApi {
  readonly url: string
  /** A kubeconfig for a user of this name and no rights, who shows a token or a client certificate. */
  kubeconfig(user: string, shows: 'token' | 'certificate'): string
  /** May everything. */
  readonly adminKubeconfig: string
  /** As admin; resolves with the answer's body, throws for what is no 2xx. */
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown>
  /** Makes etcd forget all versions before now. */
  compact(): Promise<void>
  /** SIGSTOP and SIGCONT for the API server. */
  freeze(): void
  thaw(): void
  /** Of the API server and of etcd. */
  pids(): readonly number[]
  /** Kills the API server at once. */
  kill(): Promise<void>
  /** Starts it again, with further arguments. */
  start(...args: string[]): Promise<void>
  /** Ends both and removes their files. */
  stop(): Promise<void>
}

/**
 * A group of tests that asks a real API server. Without one it is skipped and its name says why. With CI=true it fails,
 * unless there is no Go here and so nothing could have built one.
 */
export function describeKubeApi(name: string, body: () => void): void {
  if (findAssets() !== undefined) describeWhere(undefined, name, body)
  else {
    const couldBuild = execaSync('go', ['version'], { reject: false }).exitCode === 0
    const reason = couldBuild ? 'run scripts/kube-assets first' : 'no kube-apiserver, and no Go to build one'
    describeWhere(reason, name, body, { required: isRequired() && couldBuild })
  }
}

/** The directory of kube-apiserver and etcd, if they have been built. */
function findAssets(): string | undefined {
  const found = execaSync(join(PROJECT_ROOT, 'scripts', 'kube-assets'), ['--check'], { reject: false })
  return found.exitCode === 0 ? found.stdout.trim() : undefined
}

/** `args`: further arguments of kube-apiserver. Ready when it resolves, after about three seconds. */
export async function startKubeApi(...args: string[]): Promise<KubeApi> {
  const assets = findAssets()
  if (assets === undefined) throw new Error('there is no kube-apiserver: use describeKubeApi')
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-kube-'))
  const [port = 0, clientPort = 0, peerPort = 0] = await freePorts(3)
  const url = `https://127.0.0.1:${port}`
  const ca = makeCertificate({ commonName: 'ca' })
  const issuer = { commonName: 'ca', key: ca.key }
  const serving = makeCertificate({ commonName: 'kube-apiserver', address: '127.0.0.1', issuer })
  const signing = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }

  const etcdUrl = `http://127.0.0.1:${clientPort}`
  const peerUrl = `http://127.0.0.1:${peerPort}`
  const etcdArguments = [
    '--name=test',
    `--data-dir=${folder}/etcd`,
    '--unsafe-no-fsync',
    '--log-level=warn',
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=test=${peerUrl}`,
  ]
  const tokens = ['admin-token,admin,1,system:masters', 'reader-token,reader,2']
  const serverArguments = [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,

    `--tls-cert-file=${file('server.crt', serving.certificate)}`,
    `--tls-private-key-file=${file('server.key', serving.key)}`,

    `--client-ca-file=${file('ca.crt', ca.certificate)}`,
    `--token-auth-file=${file('tokens.csv', tokens.join('\n'))}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${file('sa.pub', signing.publicKey.export({ type: 'spki', format: 'pem' }).toString())}`,
    `--service-account-signing-key-file=${file('sa.key', signing.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--profiling=false',
    // Nothing makes the default service accounts here, and loopback cannot be an endpoint of the kubernetes Service.
    '--disable-admission-plugins=ServiceAccount',
    '--endpoint-reconciler-type=none',
  ]

  const dispatcher = new Agent({ connect: { ca: ca.certificate } })
  const ask: KubeApi['ask'] = async (method, path, body) => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const answer = await request(`${url}${path}`, {
      method,
      dispatcher,
      headers: { authorization: 'Bearer admin-token', 'content-type': type },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const text = await answer.body.text()
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`)
    return text.startsWith('{') ? (JSON.parse(text) as unknown) : text
  }

  function kubeconfigOf(user: string, credentials: Record<string, string>): string {
    const cluster = { server: url, 'certificate-authority': join(folder, 'ca.crt') }
    return file(`${user}-${Object.keys(credentials)[0]}.kubeconfig`, kubeconfigText(cluster, credentials))
  }

  const etcd = startServer(join(assets, 'etcd'), etcdArguments, join(folder, 'etcd.log'))
  let server: RunningServer | undefined
  const api: KubeApi = {
    url,
    adminKubeconfig: kubeconfigOf('admin', { token: 'admin-token' }),
    kubeconfig(user, shows) {
      if (shows === 'token') return kubeconfigOf(user, { token: `${user}-token` })
      const client = makeCertificate({ commonName: user, issuer })
      return kubeconfigOf(user, {
        'client-certificate': file(`${user}.crt`, client.certificate),
        'client-key': file(`${user}.key`, client.key),
      })
    },
    ask,
    async compact() {
      const { metadata } = (await ask('GET', '/api/v1/namespaces?limit=1')) as { metadata: { resourceVersion: string } }
      const body = JSON.stringify({ revision: metadata.resourceVersion, physical: true })
      const { statusCode } = await request(`${etcdUrl}/v3/kv/compaction`, { method: 'POST', body })
      if (statusCode !== 200) throw new Error(`etcd does not compact: ${statusCode}`)
    },
    freeze: () => server?.signal('SIGSTOP'),
    thaw: () => server?.signal('SIGCONT'),
    pids: () => [server, etcd].flatMap((one) => one?.pid() ?? []),
    kill: async () => server?.kill(),
    async start(...further) {
      const log = join(folder, 'kube-apiserver.log')
      const begun = startServer(join(assets, 'kube-apiserver'), [...serverArguments, ...further], log)
      server = begun
      for (let tries = 0; tries < 600; tries += 1) {
        if ((await ask('GET', '/readyz').catch(() => '')) === 'ok') return
        if (begun.hasEnded() || etcd.hasEnded()) break
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error(`kube-apiserver does not become ready:\n${readFileSync(log, 'utf8').slice(-2_000)}`)
    },
    async stop() {
      await server?.kill()
      await etcd.kill()
      await dispatcher.destroy()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    await api.start(...args)
  } catch (error) {
    await api.stop()
    throw error
  }
  return api
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
