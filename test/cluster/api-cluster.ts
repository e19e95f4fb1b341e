import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { LabPlan } from '../../src/lab/plan.ts'
import { type KubeApi, startKubeApi } from '../support/kube-api.ts'
import { kubeconfigText } from '../support/kubeconfig-text.ts'
import { type AgentProcess, startAgentProcess } from './agent-process.ts'
import { type ApiClient, createApiClient, readKubeconfig } from './api-client.ts'
import { type ApiObjects, createApiObjects, type Kind } from './api-objects.ts'
import { forwardPort } from './forward-port.ts'
import { createMarker } from './marker.ts'
import { createServiceAccount } from './service-account.ts'
import { until } from './until.ts'

/** A real API server, and nodes and pods of a lab whose agents watch it. */
export interface ApiCluster extends AsyncDisposable {
  readonly lab: Lab
  readonly api: KubeApi
  /** May everything. */
  readonly admin: ApiClient
  /** Writes the objects that agents watch, and knows what was written last. */
  readonly objects: ApiObjects
  /** Of the agents' service account, whose rights are those of the deployment. */
  readonly token: string
  /** A kubeconfig of the service account for this server; its own on 127.0.0.1, which every node reaches, unless told. */
  kubeconfig(server?: string): string
  /** Starts the agent of a node, which must have none. It is ended with the cluster. */
  startAgent(node: string, options?: StartOptions): Promise<AgentProcess>
  /** Those that have not ended. */
  agents(): readonly AgentProcess[]
  /**
   * Waits until every agent is ready and each node's kernel has all that was written through `objects`. First every
   * stream of every agent must have come to the last version written of its kind, without a nudge; then the kernel shows
   * a policy written after that. Only then is all before it applied: the status counts no batch that is on its way to nft.
   */
  settled(): Promise<void>
}

export interface StartOptions {
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Of the API, as seen in the node; its own unless told. */
  readonly server?: string
}

const STREAMS = { networkpolicies: 'NetworkPolicy', pods: 'Pod', namespaces: 'Namespace' } as const

/** Builds all of it, without an agent. Nothing is left when it throws. `args`: further ones of kube-apiserver. */
export async function createApiCluster(plan: LabPlan, args: readonly string[] = []): Promise<ApiCluster> {
  await using undo = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-cluster-'))
  undo.defer(() => rmSync(folder, { recursive: true, force: true }))
  const api = await startKubeApi(...args)
  undo.defer(() => api.stop())
  const admin = createApiClient(api.adminKubeconfig)
  undo.defer(() => admin.close())
  const token = await createServiceAccount(admin)
  const lab = undo.use(await createLab(plan))
  undo.defer(() => endProcessesOf(lab))
  const port = Number(new URL(api.url).port)
  for (const { name } of lab.nodes) {
    undo.use(await forwardPort(lab, name, { port, target: () => ({ host: '127.0.0.1', port }) }))
  }
  const objects = createApiObjects(admin)
  const marker = await createMarker(lab, objects)

  let files = 0
  const nextFile = (name: string): string => {
    files += 1
    return join(folder, `${files}-${name}`)
  }
  function kubeconfig(server = api.url): string {
    const path = nextFile('kubeconfig')
    const { cluster } = readKubeconfig(api.adminKubeconfig).clusters[0]
    writeFileSync(path, kubeconfigText({ ...cluster, server }, { token }), { mode: 0o600 })
    return path
  }

  const started = new Set<AgentProcess>()
  const agents = () => [...started].filter((agent) => !agent.hasEnded())
  async function startAgent(node: string, { flags = [], env = {}, server }: StartOptions = {}): Promise<AgentProcess> {
    const socket = nextFile('agent.sock')
    const own = ['--kubeconfig', kubeconfig(server), '--listen', '127.0.0.1:9753']
    const agent = await startAgentProcess(lab, { node, socket, flags: [...own, ...flags], env })
    started.add(agent)
    return agent
  }
  undo.defer(async () => {
    await Promise.all([...started].map((agent) => agent[Symbol.asyncDispose]()))
  })

  async function settled(): Promise<void> {
    const running = agents()
    for (const agent of running) {
      await agent.ready()
      let behind: readonly string[] = []
      const what = () => `${agent.node} has heard all that was written: ${behind.join(', ')}; ${agent.stderr()}`
      await until(what, async () => {
        const { streams } = await agent.status()
        behind = streams.flatMap(({ name, resourceVersion, state }) => {
          const last = objects.lastWritten(kindOf(name))
          const heard = BigInt(resourceVersion === '' ? 0 : resourceVersion)
          return heard < last ? [`${name} is at ${heard} of ${last}, ${state}`] : []
        })
        return streams.length === Object.keys(STREAMS).length && behind.length === 0
      })
    }
    await marker.pass(running.map(({ node }) => node))
    for (const agent of running) await agent.ready()
  }

  const parts = undo.move()
  return {
    lab,
    api,
    admin,
    objects,
    token,
    kubeconfig,
    startAgent,
    agents,
    settled,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

function kindOf(stream: string): Kind {
  const kind = (STREAMS as Readonly<Record<string, Kind>>)[stream]
  if (kind === undefined) throw new Error(`an agent watches ${stream}, which nobody expected`)
  return kind
}

/** What an agent that was killed leaves on its node, such as `nft monitor`, would keep the namespace alive. */
async function endProcessesOf(lab: Lab): Promise<void> {
  for (const { namespace } of lab.nodes) {
    const { stdout } = await lab.exec(lab.nodes[0]?.name ?? '', ['ip', 'netns', 'pids', namespace])
    for (const pid of stdout.split('\n').filter(Boolean).map(Number)) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It ended by itself.
      }
    }
  }
}
