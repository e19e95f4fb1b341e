import type { Cluster } from '../cluster/create-cluster.ts'
import { podName } from '../objects/pod-name.ts'
import type { Draft } from './draft-policies.ts'

/** Labels of a DNS subdomain are 253 characters together (RFC 1123); some of them are for what stands around the name. */
const LONGEST = 200

/** A name for each draft, which no policy of the cluster and no other draft has; always the same for the same cluster. */
export function policyNames(cluster: Cluster, drafts: readonly Draft[]): readonly string[] {
  const taken = new Set(cluster.graph.policies.map(podName))
  return drafts.map(({ namespace, subject, direction }) => {
    const [first] = subject.workloads
    const kind = first !== undefined && first.id !== podName(first) ? `-${first.kind?.toLowerCase() ?? 'pod'}` : ''
    const base = `suggested-${(first?.name ?? '').slice(0, LONGEST).replace(/[-.]+$/, '')}${kind}-${direction}`
    let name = base
    for (let number = 2; taken.has(podName({ namespace, name })); number += 1) name = `${base}-${number}`
    taken.add(podName({ namespace, name }))
    return name
  })
}
