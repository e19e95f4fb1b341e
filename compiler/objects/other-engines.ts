/** Groups of APIs whose policies other engines enforce, and the kinds in them that are policies. */
const POLICIES: readonly (readonly [group: RegExp, kind: RegExp])[] = [
  [/^cilium\.io$/, /^Cilium(?:Clusterwide)?NetworkPolicy$/],
  [/^(?:crd\.)?projectcalico\.org$/, /^(?:Staged)?(?:Kubernetes|Global)?NetworkPolicy$/],
  [/^policy\.networking\.k8s\.io$/, /^(?:(?:Baseline)?Admin|Cluster)NetworkPolicy$/],
  [/^crd\.antrea\.io$/, /^(?:Cluster)?NetworkPolicy$/],
]

/** Is a kind the policy of another engine, or of an API above NetworkPolicy, which is not judged here? */
export function isPolicyOfOtherEngine(apiVersion: string, kind: string): boolean {
  const group = groupOf(apiVersion)
  return POLICIES.some(([groups, kinds]) => groups.test(group) && kinds.test(kind))
}

/** Empty for the core group, whose apiVersion is a version alone. */
export function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0))
}
