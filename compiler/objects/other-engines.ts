/** Groups of APIs whose policies other engines enforce, and the kinds in them that are policies. */
const POLICIES: readonly (readonly [group: RegExp, kind: RegExp])[] = [
  [/^cilium\.io$/, /^Cilium(?:Clusterwide)?NetworkPolicy$/],
  [/^(?:crd\.)?projectcalico\.org$/, /^(?:Staged)?(?:Kubernetes|Global)?NetworkPolicy$/],
  [/^policy\.networking\.k8s\.io$/, /^(?:(?:Baseline)?Admin|Cluster)NetworkPolicy$/],
  [/^crd\.antrea\.io$/, /^(?:Cluster)?NetworkPolicy$/],
]

/** Is a kind the policy of another engine, or of an API above NetworkPolicy, which is not judged here? */
export function isPolicyOfOtherEngine(apiVersion: string, kind: string): boolean {
  const group = apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0))
  return POLICIES.some(([groups, kinds]) => groups.test(group) && kinds.test(kind))
}
