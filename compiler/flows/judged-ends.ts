import { familyOf } from '../addresses/family-of.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { withMorePods } from '../cluster/with-more-pods.ts'
import { freeAddress } from '../explain/twins.ts'
import type { AllowGraph } from '../graph/allow-graph.ts'
import { createLabelInterner } from '../objects/label-set.ts'
import type { Pod } from '../objects/objects.ts'
import { podName } from '../objects/pod-name.ts'
import { flowEnd } from './flow-end.ts'
import type { FormerPod, SeenFlow } from './seen-flow.ts'
import { workloadKey, type WorkloadPods, workloadPods } from './workload-pods.ts'

/** By whom today's policies judge the ends of flows. */
export interface JudgedEnds {
  /** With the pods that are gone and have nobody in their place, as they were. */
  readonly cluster: Cluster
  /**
   * In it, the address of an end: its own; of a pod that is gone that of another one of its workload, or of its name, or of itself as it
   * was; undefined where nobody knows what it was.
   */
  addressOf(address: string, former: FormerPod | undefined): string | undefined
}

/** Made once for flows that are told together: each pod that is gone costs a look at the policies of its namespace. */
export function createJudgedEnds(cluster: Cluster, flows: readonly SeenFlow[]): JudgedEnds {
  const gone = flows.flatMap(({ source, formerSource, destination, formerDestination }) => [
    ...goneEnd(cluster, source, formerSource),
    ...goneEnd(cluster, destination, formerDestination),
  ])
  // Of most questions no end is gone.
  if (gone.length === 0) return { cluster, addressOf: (address) => address }
  const inPlace = substitutes(cluster.graph)
  const added = new Map<string, Pod>()
  const taken = new Map(cluster.graph.owners)
  for (const { address, former } of gone) {
    const key = endKey(address, former)
    const pod =
      inPlace(address, former) === undefined && !added.has(key) ? asItWas(cluster, taken, address, former) : undefined
    if (pod !== undefined) added.set(key, pod)
  }
  return {
    cluster: added.size === 0 ? cluster : withMorePods(cluster, [...added.values()]),
    addressOf(address, former) {
      if (former === undefined || goneEnd(cluster, address, former).length === 0) return address
      return inPlace(address, former) ?? added.get(endKey(address, former))?.addresses[0]
    },
  }
}

interface GoneEnd {
  readonly address: string
  readonly former: FormerPod
}

function goneEnd(cluster: Cluster, address: string, former: FormerPod | undefined): readonly GoneEnd[] {
  if (former === undefined) return []
  const end = flowEnd(cluster, address, former)
  return end.kind === 'pod' && end.gone ? [{ address, former }] : []
}

function endKey(address: string, { namespace, name, uid }: FormerPod): string {
  return `${familyOf(address)} ${namespace}/${name} ${uid}`
}

/** The address of another pod of the workload, of the same family. */
function substitutes(graph: AllowGraph): (address: string, former: FormerPod) => string | undefined {
  const workloads: ReadonlyMap<string, WorkloadPods> = new Map(
    workloadPods(graph).flatMap((one) =>
      one.pods.map(({ pod }) => [workloadKey(pod.namespace, pod.name, pod.workload), one] as const),
    ),
  )
  return (address, { namespace, name, workload }) => {
    const pods = workloads.get(workloadKey(namespace, name, workload))?.pods ?? []
    return pods.flatMap(({ addresses }) => addresses).find((one) => familyOf(one) === familyOf(address))
  }
}

/** It, at its address, or at the next one that nobody has. The input may still hold it, finished: then it says what it was. */
function asItWas(cluster: Cluster, taken: Map<string, unknown>, address: string, former: FormerPod): Pod | undefined {
  const { namespace, name, uid, workload, createdAt } = former
  const known = cluster.graph.pods.get(podName(former))?.pod
  const here = known?.uid === uid ? known : undefined
  const labels = former.labels === undefined ? here?.labels : createLabelInterner()(Object.entries(former.labels))
  if (labels === undefined) return undefined
  const own = freeAddress({ owners: taken } as Pick<AllowGraph, 'owners'>, address)
  taken.set(own, former)
  return {
    kind: 'Pod',
    namespace,
    name,
    uid,
    labels,
    node: undefined,
    addresses: [own],
    hostNetwork: false,
    finished: false,
    terminating: false,
    createdAt,
    ports: former.ports ?? here?.ports ?? [],
    workload,
  }
}
