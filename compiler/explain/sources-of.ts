import type { Address } from '../addresses/address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import type { FoundEnd } from '../cluster/found-end.ts'
import { selectedPods } from '../cluster/service-endpoints.ts'
import { type GraphPod, podName } from '../graph/allow-graph.ts'
import { sortIntoBehaviours } from '../reach/behaviours.ts'
import { ingressControllers } from './ingress-controllers.ts'

/** One end of a connection: a pod in each of its families, or an address. */
export type Site =
  /** `replica`: another pod that no policy tells from this one. */
  | { readonly kind: 'pod'; readonly name: string; readonly pod: GraphPod; readonly replica: GraphPod | undefined }
  | { readonly kind: 'address'; readonly name: string; readonly address: Address }

export type Sources =
  | { readonly kind: 'sites'; readonly sites: readonly Site[]; readonly notes: readonly string[] }
  | { readonly kind: 'problem'; readonly problem: string; readonly hint: string }

/** Where connections from this end really come from. */
export function sourcesOf(cluster: Cluster, end: Exclude<FoundEnd, { kind: 'nothing' }>): Sources {
  switch (end.kind) {
    case 'pods':
      return { kind: 'sites', sites: onePerBehaviour(cluster, end.name, end.pods), notes: [] }
    case 'address':
      return {
        kind: 'sites',
        sites: [{ kind: 'address', name: end.name, address: end.address }],
        notes: hostNotes(end),
      }
    case 'service': {
      const pods = selectedPods(cluster, end.service).filter(({ addresses }) => addresses.length > 0)
      if (pods.length === 0)
        return { kind: 'problem', problem: `no pod is behind Service ${end.name}`, hint: 'name a pod' }
      const note = `Service ${end.name} connects to nobody; its pods were asked instead`
      return { kind: 'sites', sites: onePerBehaviour(cluster, end.name, pods), notes: [note] }
    }
    case 'ingress': {
      const pods = ingressControllers(cluster, end.ingress.ingressClass)
      if (pods.length === 0) {
        const problem = `no controller's pods were found for Ingress ${end.name}`
        return { kind: 'problem', problem, hint: 'name the pod or workload that connects' }
      }
      const note = `the connections of Ingress ${end.name} come from its controller: ${pods.map(({ pod }) => podName(pod)).join(', ')}`
      return { kind: 'sites', sites: onePerBehaviour(cluster, undefined, pods), notes: [note] }
    }
  }
}

/** Replicas that no policy tells apart are one; they go by the name that was asked for. */
export function onePerBehaviour(
  cluster: Cluster,
  name: string | undefined,
  pods: readonly GraphPod[],
): readonly Site[] {
  const wanted = new Set(pods)
  const alike = sortIntoBehaviours(cluster.graph)
    .map(({ members }) => members.filter((member) => wanted.has(member)))
    .flatMap(([pod, replica]) => (pod === undefined ? [] : [{ pod, replica }]))
  return alike.map(({ pod, replica }) => ({
    kind: 'pod',
    name: alike.length === 1 && name !== undefined ? name : podName(pod.pod),
    pod,
    replica,
  }))
}

/** What is to be said of an end on the network of its node. */
export function hostNotes({ hostPod, name }: Extract<FoundEnd, { kind: 'address' }>): readonly string[] {
  if (hostPod === undefined) return []
  const { node, addresses } = hostPod.pod
  const where = node === undefined ? 'its node' : `node ${node}`
  return [
    `${name} is on the network of ${where}: policy sees the node's address ${addresses[0] ?? ''} ` +
      '(over VXLAN, from another node, that of its flannel.1), and no selector matches it',
  ]
}
