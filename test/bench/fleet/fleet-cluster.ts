import { type KubeApi, startKubeApi } from '../../support/kube-api.ts'
import { cpuSeconds } from '../agent/agent-proc.ts'
import { madeUpCluster, pod } from '../made-up-cluster.ts'

/** A real API server with a made-up cluster, pods as large as people's. */
export interface FleetCluster extends AsyncDisposable {
  readonly kubeconfig: string
  /** A label of so many pods becomes another: one event each. */
  relabel(pods: number): Promise<void>
  /** So many pods go, and others come in their place, as a rollout ends with them; returns the events that this makes. */
  replace(pods: number): Promise<number>
  /** Seconds of CPU that the API server and etcd have taken. */
  cpu(): number
}

interface ApiPod {
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly spec: { readonly containers: readonly object[] }
  readonly status: object
}

/** What makes a pod of 8 kB, as the API server sends it: variables of its container. */
const PADDING = 60
const AT_ONCE = 8

export async function startFleetCluster(pods: number): Promise<FleetCluster> {
  const api = await startKubeApi()
  try {
    await fill(api, pods)
  } catch (error) {
    await api.stop()
    throw error
  }
  const at = (index: number) => ownPath(podOf(index % pods))
  let turn = 0
  return {
    kubeconfig: api.adminKubeconfig,
    async relabel(count) {
      turn += 1
      await inTurns(count, (index) => api.ask('PATCH', at(index), { metadata: { labels: { turn: `${turn}` } } }))
    },
    async replace(count) {
      await inTurns(count, async (index) => {
        await api.ask('DELETE', `${at(index)}?gracePeriodSeconds=0`)
        await create(api, podOf(index % pods))
      })
      return 3 * count
    },
    cpu: () => api.pids().reduce((total, pid) => total + cpuSeconds(pid).own, 0),
    [Symbol.asyncDispose]: () => api.stop(),
  }
}

async function fill(api: KubeApi, pods: number): Promise<void> {
  const { namespaces, policies } = madeUpCluster({ pods, policies: 100, local: 0 })
  for (const namespace of namespaces) await api.ask('POST', '/api/v1/namespaces', namespace)
  for (const policy of policies) {
    const { namespace } = (policy as ApiPod).metadata
    await api.ask('POST', `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`, policy)
  }
  await inTurns(pods, (index) => create(api, podOf(index)))
}

/** The scheduler's and the kubelet's part is one event. */
async function create(api: KubeApi, { status, ...object }: ApiPod): Promise<void> {
  await api.ask('POST', `/api/v1/namespaces/${object.metadata.namespace}/pods`, object)
  await api.ask('PATCH', `${ownPath(object)}/status`, { status })
}

function ownPath({ metadata: { namespace, name } }: Pick<ApiPod, 'metadata'>): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`
}

function podOf(index: number): ApiPod {
  const made = pod(index, false) as ApiPod
  const env = Array.from({ length: PADDING }, (_, one) => ({
    name: `VARIABLE_${one}`,
    value: `${one}`.padStart(80, 'x'),
  }))
  const containers = made.spec.containers.map((container) => ({ ...container, env }))
  return { ...made, spec: { ...made.spec, containers } }
}

/** For 0 up to, not including, `count`; some at a time. */
async function inTurns(count: number, act: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const work = async (): Promise<void> => {
    while (next < count) await act(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}
