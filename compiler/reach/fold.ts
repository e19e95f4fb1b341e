import type { GraphPod, Isolation } from '../graph/allow-graph.ts'
import { podKey, podName } from '../objects/pod-name.ts'

export type FoldBy = 'pod' | 'workload' | 'namespace'

/** One box of a picture: pods that behave alike and belong together, or one pod. */
export interface ReachNode {
  /** `namespace/name` of the workload or pod, `namespace/*` of a whole namespace. */
  readonly id: string
  readonly kind: FoldBy
  readonly namespace: string
  /** For people: Deployment, StatefulSet, ... where the pods say whose they are. */
  readonly workload: string | undefined
  readonly members: readonly GraphPod[]
  /** On the network of their nodes: no policy governs or selects them, and what is isolated is `open`. */
  readonly hostNetwork: boolean
  readonly ingress: Isolation
  readonly egress: Isolation
}

/**
 * Folds pods into the nodes of a picture, in the order of the nodes' ids. A namespace or workload is one node only if all
 * its pods behave alike (`behaviourOf`) and `apart` does not name it; else it falls apart, a namespace into workloads, a
 * workload into pods. `namesakes`: names that two things share, so that their ids also say the kind. Pods on the network of
 * their nodes are never part of a whole namespace.
 */
export function foldPods(
  pods: readonly GraphPod[],
  by: FoldBy,
  behaviourOf: (pod: GraphPod) => unknown,
  namesakes: ReadonlySet<string> = findNamesakes(pods),
  apart: ReadonlySet<string> = new Set(),
): readonly ReachNode[] {
  const alike = (members: readonly GraphPod[]) => new Set(members.map(behaviourOf)).size === 1
  const nodes: ReachNode[] = []
  for (const [namespace, inNamespace] of groupBy(pods, ({ pod }) => pod.namespace)) {
    const whole = `${namespace}/*`
    const governed = inNamespace.filter(({ pod }) => !pod.hostNetwork)
    const isWhole = by === 'namespace' && governed.length > 1 && !apart.has(whole) && alike(governed)
    if (isWhole) nodes.push(createNode(whole, 'namespace', governed))
    const rest = isWhole ? inNamespace.filter(({ pod }) => pod.hostNetwork) : inNamespace
    for (const members of groupBy(rest, workloadKey).values()) {
      const [first] = members
      if (first === undefined) continue
      const name = `${namespace}/${first.pod.workload?.name ?? first.pod.name}`
      const suffix = namesakes.has(name) && first.pod.workload !== undefined ? ` (${first.pod.workload.kind})` : ''
      const id = `${name}${suffix}`
      // Its other pods may have gone into the namespace.
      const isAll = !isWhole || !governed.some((pod) => workloadKey(pod) === workloadKey(first))
      if (by !== 'pod' && first.pod.workload !== undefined && isAll && !apart.has(id) && alike(members)) {
        nodes.push(createNode(id, 'workload', members))
        continue
      }
      for (const member of members) {
        nodes.push(createNode(`${podName(member.pod)}${member.pod.standIn ? suffix : ''}`, 'pod', [member]))
      }
    }
  }
  return nodes.sort((left, right) => (left.id < right.id ? -1 : 1))
}

/** Names, as `namespace/name`, of two workloads at once (a Deployment and a StatefulSet), or of a workload and somebody else's pod. */
export function findNamesakes(pods: readonly GraphPod[]): ReadonlySet<string> {
  const things = new Map<string, string>()
  const namesakes = new Set<string>()
  const meet = (name: string, thing: string): void => {
    if ((things.get(name) ?? thing) !== thing) namesakes.add(name)
    else things.set(name, thing)
  }
  for (const owner of pods) {
    const { workload, namespace } = owner.pod
    const thing = workloadKey(owner)
    if (workload !== undefined) meet(`${namespace}/${workload.name}`, thing)
    if (owner.pod.standIn !== true) meet(podName(owner.pod), thing)
  }
  return namesakes
}

function createNode(id: string, kind: FoldBy, members: readonly GraphPod[]): ReachNode {
  const [first] = members
  if (first === undefined) throw new Error('a node has a member')
  const { pod, ingress, egress } = first
  return {
    id,
    kind,
    namespace: pod.namespace,
    workload: pod.workload?.kind,
    members,
    hostNetwork: pod.hostNetwork,
    ingress,
    egress,
  }
}

function workloadKey({ pod }: GraphPod): string {
  return pod.workload === undefined ? podKey(pod) : `${pod.workload.kind} ${pod.workload.name}`
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
