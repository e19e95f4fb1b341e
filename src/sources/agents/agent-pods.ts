import { checkDnsSubdomain } from '../../../compiler/objects/name-syntax.ts'
import { isFields } from '../../../compiler/objects/read-fields.ts'
import { listPages } from '../kubernetes/list-pages.ts'
import { podsLabelled } from '../kubernetes/resources.ts'
import { REAL_SEAMS } from '../kubernetes/seams.ts'
import type { Transport } from '../kubernetes/transport.ts'

/** The agent of one node. */
export interface AgentPod {
  readonly node: string
  readonly namespace: string
  readonly name: string
  /** Why it cannot be asked; undefined where it runs. */
  readonly problem: string | undefined
}

/** Of every way to install Selvedge (deploy/). */
export const AGENT_LABEL = 'app.kubernetes.io/name=selvedge'
export const AGENT_CONTAINER = 'agent'

/** One a node, by the node's name: of several, as during a rollout, one that runs and stays. Throws a ClusterError. */
export async function findAgentPods(
  transport: Transport,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly AgentPod[]> {
  let items: unknown[] = []
  await listPages({
    transport,
    resource: podsLabelled(namespace, AGENT_LABEL),
    from: '',
    signal,
    timeout: REAL_SEAMS.timings.list,
    onItem: (item) => void items.push(item),
    onRestart: () => {
      items = []
    },
  })
  const found = new Map<string, AgentPod>()
  for (const item of items) {
    const agent = readAgentPod(item, namespace)
    if (agent === undefined) continue
    const known = found.get(agent.node)
    if (known === undefined || known.problem !== undefined) found.set(agent.node, agent)
  }
  return [...found.values()].sort((left, right) => (left.node < right.node ? -1 : 1))
}

/** Undefined where it is no agent, or of no node yet. */
function readAgentPod(item: unknown, namespace: string): AgentPod | undefined {
  const [metadata, spec, status] = ['metadata', 'spec', 'status'].map((part) => fieldsOf(item, part))
  const node = spec?.['nodeName']
  const name = metadata?.['name']
  const containers: readonly unknown[] = Array.isArray(spec?.['containers']) ? spec['containers'] : []
  if (typeof node !== 'string' || typeof name !== 'string' || checkDnsSubdomain(node).length > 0) return undefined
  if (!containers.some((one) => isFields(one) && one['name'] === AGENT_CONTAINER)) return undefined
  const phase = typeof status?.['phase'] === 'string' ? status['phase'] : 'not known'
  const problem =
    metadata?.['deletionTimestamp'] === undefined
      ? phase === 'Running'
        ? undefined
        : `its agent does not run: ${phase}`
      : 'its agent is being taken away'
  return { node, namespace, name, problem }
}

function fieldsOf(value: unknown, part: string): Readonly<Record<string, unknown>> {
  const inner = isFields(value) ? value[part] : undefined
  return isFields(inner) ? inner : {}
}
