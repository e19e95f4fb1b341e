import type { Cluster } from '../cluster/create-cluster.ts'
import type { FoundEnd } from '../cluster/found-end.ts'
import { nodeOf } from '../cluster/node.ts'
import { selectedPods } from '../cluster/service-endpoints.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { podName } from '../objects/pod-name.ts'
import { type Behaviour, sortIntoBehaviours } from '../reach/behaviours.ts'
import { hostNotes, hostSites } from './host-sites.ts'
import { ingressControllers } from './ingress-controllers.ts'
import type { Refusal, Site } from './site.ts'

export type Sources =
  | { readonly kind: 'sites'; readonly sites: readonly Site[]; readonly notes: readonly string[] }
  | Refusal

/** Where connections from this end really come from; pods of `nodes`, which are at the other end, apart from others. */
export function sourcesOf(
  cluster: Cluster,
  end: Exclude<FoundEnd, { kind: 'nothing' }>,
  nodes: ReadonlySet<string>,
): Sources {
  switch (end.kind) {
    case 'pods':
      return { kind: 'sites', sites: onePerBehaviour(cluster, end, nodes), notes: [] }
    case 'address':
      return { kind: 'sites', sites: [addressSite(end)], notes: [] }
    case 'hosts':
      return { kind: 'sites', sites: hostSites(cluster, end), notes: hostNotes(cluster, end) }
    case 'service': {
      const pods = selectedPods(cluster, end.service).filter(({ addresses }) => addresses.length > 0)
      if (pods.length === 0)
        return { kind: 'problem', problem: `no pod is behind Service ${end.name}`, hint: 'name a pod' }
      const note = `Service ${end.name} connects to nobody; its pods were asked instead`
      return {
        kind: 'sites',
        sites: onePerBehaviour(cluster, { name: end.name, pods, exact: false }, nodes),
        notes: [note],
      }
    }
    case 'ingress': {
      const pods = ingressControllers(cluster, end.ingress.ingressClass)
      if (pods.length === 0) {
        const problem = `no controller's pods were found for Ingress ${end.name}`
        return { kind: 'problem', problem, hint: 'name the pod or workload that connects' }
      }
      const note = `the connections of Ingress ${end.name} come from its controller: ${pods.map(({ pod }) => podName(pod)).join(', ')}`
      return {
        kind: 'sites',
        sites: onePerBehaviour(cluster, { name: undefined, pods, exact: false }, nodes),
        notes: [note],
      }
    }
  }
}

interface Meant {
  readonly name: string | undefined
  readonly pods: readonly GraphPod[]
  readonly exact: boolean
}

/** Replicas that neither a policy nor one of these nodes tells apart are one; they go by the name that was asked for. */
export function onePerBehaviour(
  cluster: Cluster,
  { name, pods, exact }: Meant,
  nodes: ReadonlySet<string>,
): readonly Site[] {
  const wanted = new Set(pods)
  const homeOf = (pod: GraphPod): string => {
    const home = nodeOf(cluster.nodes, pod)?.name ?? ''
    return nodes.has(home) ? home : ''
  }
  const alike = behavioursOf(cluster)
    .map(({ members }) => members.filter((member) => wanted.has(member)))
    .flatMap((members) => [...Map.groupBy(members, homeOf).values()])
    .flatMap(([pod, replica]) => (pod === undefined ? [] : [{ pod, replica }]))
  return alike.map(({ pod, replica }) => ({
    kind: 'pod',
    name: alike.length === 1 && name !== undefined ? name : podName(pod.pod),
    pod,
    replica,
    exact,
  }))
}

/** Both ends of a question are sorted, and each port of a Service. */
const known = new WeakMap<Cluster['graph'], readonly Behaviour[]>()

function behavioursOf({ graph }: Cluster): readonly Behaviour[] {
  let behaviours = known.get(graph)
  if (behaviours === undefined) known.set(graph, (behaviours = sortIntoBehaviours(graph, [])))
  return behaviours
}

export function addressSite({ name, address }: Extract<FoundEnd, { kind: 'address' }>): Site {
  return { kind: 'address', name, address }
}
