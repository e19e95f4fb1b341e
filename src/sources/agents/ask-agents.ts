import { printable } from '../../../compiler/objects/quote.ts'
import { createClusterAccess } from '../kubernetes/cluster-access.ts'
import type { ClusterError } from '../kubernetes/cluster-error.ts'
import { createConnections } from '../kubernetes/create-connections.ts'
import type { ConfigOptions } from '../kubernetes/load-kubeconfig.ts'
import { REAL_SEAMS } from '../kubernetes/seams.ts'
import { createTransport } from '../kubernetes/transport.ts'
import { AGENT_CONTAINER, type AgentPod, findAgentPods } from './agent-pods.ts'
import { type ExecEnd, execInPod } from './exec-in-pod.ts'

export interface AskAgentsOptions extends ConfigOptions {
  /** Of the DaemonSet. */
  readonly namespace: string
  /** Only this node's; undefined: every one. */
  readonly node?: string | undefined
  readonly command: readonly string[]
  readonly limits?: Partial<AskLimits> | undefined
  readonly signal?: AbortSignal | undefined
}

/** In milliseconds. */
export interface AskLimits {
  readonly atOnce: number
  readonly each: number
  /** Whoever has not been asked by then is not. */
  readonly all: number
}

const LIMITS: AskLimits = { atOnce: 16, each: 20_000, all: 60_000 }

/** What the agent of one node said, by whichever way there was none; in the order of the nodes' names. */
export type AskedAgent =
  | { readonly node: string; readonly said: string }
  | { readonly node: string; readonly problem: string }

/** `agents`: nobody could be asked, since there is none, or none of that node; the nodes that have one. */
export type AgentsAsked = { readonly nodes: readonly AskedAgent[] } | { readonly agents: readonly string[] }

/**
 * Runs a command in every agent's container by the API's exec, and gives back what each printed. One that fails is an answer like the
 * others. A 403 is everybody's: then nobody else is asked.
 *
 * @throws {ClusterError} the agents cannot be listed, or may not be asked.
 */
export async function askAgents(options: AskAgentsOptions): Promise<AgentsAsked> {
  const { namespace, node, command, signal } = options
  const limits = { ...LIMITS, ...options.limits }
  const access = createClusterAccess(options)
  const transport = createTransport(access, REAL_SEAMS.timings.keepAlive)
  const stopped = new AbortController()
  const deadline = AbortSignal.timeout(limits.all)
  const stop = AbortSignal.any([stopped.signal, deadline, ...(signal === undefined ? [] : [signal])])
  let connections: ReturnType<typeof createConnections> | undefined
  try {
    const found = await findAgentPods(transport, namespace, signal ?? new AbortController().signal)
    const agents = found.filter((agent) => node === undefined || agent.node === node)
    if (agents.length === 0) return { agents: found.map((agent) => agent.node) }
    const target = await access.target()
    const to = (connections = createConnections(target))
    let forbidden: ClusterError | undefined

    async function ask(agent: AgentPod): Promise<AskedAgent> {
      if (agent.problem !== undefined) return { node: agent.node, problem: agent.problem }
      if (stop.aborted) return { node: agent.node, problem: 'not asked any more: the others took too long' }
      const how = await execInPod({
        target,
        connections: to,
        namespace,
        pod: agent.name,
        container: AGENT_CONTAINER,
        command,
        timeoutMilliseconds: limits.each,
        signal: stop,
      })
      if (how.kind === 'refused' && isForbidden(how.error)) {
        forbidden = how.error
        stopped.abort()
      }
      return answerOf(agent, how)
    }

    const answers = await eachAtMost(limits.atOnce, agents, ask)
    if (forbidden !== undefined) throw forbidden
    return { nodes: answers }
  } finally {
    connections?.destroy()
    transport.close()
  }
}

function isForbidden({ failure }: ClusterError): boolean {
  return failure.kind === 'status' && (failure.status === 403 || failure.status === 401)
}

/** The program's own exit code for words that it does not know. */
const BAD_USAGE = 2

function answerOf({ node }: AgentPod, how: ExecEnd): AskedAgent {
  switch (how.kind) {
    case 'refused':
      return { node, problem: how.error.message }
    case 'failed':
      return { node, problem: how.problem }
    case 'exited': {
      if (how.exitCode === 0) return { node, said: how.stdout }
      if (how.exitCode === BAD_USAGE)
        return { node, problem: 'its agent does not know the question; is it of another version?' }
      const complaint = how.stderr.trim().split('\n').at(-1) ?? ''
      return { node, problem: complaint === '' ? `its agent ends with ${how.exitCode}` : printable(complaint) }
    }
  }
}

/** In the order of the items, so many at once. */
async function eachAtMost<Item, Result>(
  atOnce: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const left = items.entries()
  const take = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, take))
  return results
}
