import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import type { Lab } from '../../../src/lab/lab.ts'
import type { Timings } from '../../../src/sources/kubernetes/seams.ts'
import { probe } from '../../kernel/passing.ts'
import { describeLab } from '../../lab/describe-lab.ts'
import { describeKubeApi, type KubeApi } from '../../support/kube-api.ts'
import { kubeconfigText } from '../../support/kubeconfig-text.ts'
import type { AgentProcess } from '../agent-process.ts'
import { readKubeconfig } from '../api-client.ts'
import { createApiCluster } from '../api-cluster.ts'
import { forwardPort } from '../forward-port.ts'
import { until } from '../until.ts'
import { type AgentAnswers, askAgent } from './ask-agent.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { openFlows, PLAN, STANDING } from './flows.ts'
import { NOTHING_WRONG, sendAllTheTime } from './packets.ts'
import { withoutCounts } from '../../support/without-counts.ts'

/** A real API server behind a proxy that can spoil it, a lab of two nodes, and the agent of node-1. */
export interface FaultCluster extends AgentAnswers {
  /** Itself, past the proxy. */
  readonly api: KubeApi
  readonly proxy: FaultProxy
  readonly lab: Lab
  /** The file that the agent's kubeconfig names; it holds a token of the service account. */
  readonly tokenFile: string
  /** The one that was started last. */
  agent(): AgentProcess
  /** Another one in place of the one before, which must have ended. */
  startAgent(): Promise<AgentProcess>
  /** Nobody listens where the API server should be, until the port is opened again. */
  closePort(): Promise<void>
  openPort(): Promise<void>
  /**
   * Sends packets of all flows while `during` runs, and expects that no denied one passes and no other is lost. After it
   * all requests pass.
   */
  unharmed(during: () => Promise<void>): Promise<void>
  /** Waits until packets say that far reaches these TCP ports of db, and not those. */
  enforced(ports: { readonly open?: readonly number[]; readonly closed?: readonly number[] }): Promise<void>
  /** Our table of node-1 with handles, so that what was put back shows; without what its counters have counted. */
  table(): Promise<string>
}

/** Where the API server should be, as the node sees it. */
const PORT = 6_443
const TIMINGS = pathToFileURL(join(import.meta.dirname, 'programs', 'timings.ts')).href

/**
 * A group of tests that share a cluster, its agent ready; skipped aloud where there can be none. `timings` replaces some of
 * the agent's lengths of time, `flags` come after its own.
 */
export function describeFaults(
  name: string,
  body: (cluster: () => FaultCluster) => void,
  timings?: Partial<Timings>,
  flags?: readonly string[],
): void {
  // A change may take the agent two of its longest waits, and starting an API server takes a busy machine half a minute.
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })
  describeKubeApi(name, () => {
    describeLab('the agent of a node', () => {
      const undo = new AsyncDisposableStack()
      let cluster: FaultCluster | undefined
      beforeAll(async () => {
        cluster = await startCluster(undo, timings, flags)
        await cluster.agent().ready()
      })
      afterAll(() => undo.disposeAsync())
      body(() => {
        if (cluster === undefined) throw new Error('the cluster stands only while tests run')
        return cluster
      })
    })
  })
}

/** What is started is ended by `undo`, also when this throws. */
async function startCluster(
  undo: AsyncDisposableStack,
  timings: Partial<Timings> = {},
  more: readonly string[] = [],
): Promise<FaultCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-faults-'))
  undo.defer(() => rmSync(folder, { recursive: true, force: true }))
  const cluster = undo.use(await createApiCluster(PLAN))
  const { api, lab, objects } = cluster
  const proxy = undo.use(await startFaultProxy({ url: api.url, ca: caOf(api) }))
  const open = () => forwardPort(lab, 'node-1', { port: PORT, target: () => ({ path: proxy.path }) })
  let port = await open()
  undo.defer(() => port.close())
  for (const object of STANDING) await objects.create(object)

  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(join(folder, 'token'), cluster.token)
  writeFileSync(kubeconfig, kubeconfigText(through(proxy.ca), { tokenFile: 'token' }))
  const env = { NODE_OPTIONS: `--import ${TIMINGS}`, SELVEDGE_TEST_TIMINGS: JSON.stringify(timings) }
  const begin = () => cluster.startAgent('node-1', { flags: ['--kubeconfig', kubeconfig, ...more], env })
  let agent = await begin()
  await cluster.settled()
  const flows = await openFlows(lab)

  return {
    api,
    proxy,
    lab,
    tokenFile: join(folder, 'token'),
    ...askAgent(lab),
    agent: () => agent,
    async startAgent() {
      agent = await begin()
      return agent
    },
    closePort: () => port.close(),
    async openPort() {
      port = await open()
    },
    async unharmed(during) {
      const packets = sendAllTheTime(lab, flows)
      try {
        await during()
        await until('some packets were sent', () => packets.rounds() > 2)
      } finally {
        proxy.treat(() => undefined)
        expect(await packets.stop()).toEqual(NOTHING_WRONG)
      }
    },
    async enforced({ open: passing = [], closed = [] }) {
      const ports = [...passing, ...closed]
      const wanted = ports.map((_, index) => index < passing.length)
      const probes = ports.map((of) => probe('IPv4', 'far', 'db', { protocol: 'TCP', port: of }))
      let arrived: readonly boolean[] = []
      const what = () => `of the ports ${ports.join(', ')} open are ${passing.join(', ')}: ${arrived.join(', ')}`
      await until(what, async () => {
        arrived = await lab.probe(probes)
        return arrived.every((each, index) => each === wanted[index])
      })
    },
    async table() {
      const text = await lab.nft('node-1', ['-a', 'list', 'table', 'inet', 'selvedge'])
      return withoutCounts(text)
    },
  }
}

function caOf(api: KubeApi): string {
  return readFileSync(readKubeconfig(api.adminKubeconfig).clusters[0].cluster['certificate-authority'], 'utf8')
}

/** Of the cluster, with a CA in PEM. */
function through(ca: string): Readonly<Record<string, string>> {
  return {
    server: `https://127.0.0.1:${PORT}`,
    'certificate-authority-data': Buffer.from(ca).toString('base64'),
  }
}
