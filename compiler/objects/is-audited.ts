import type { ClusterObject, Namespace, Policy } from './objects.ts'

/** Who may say that a policy is only audited. */
export interface AuditOptions {
  /** `namespaces`: also the annotation of the policy's Namespace, which whoever may patch namespaces then can use to switch policies off. */
  readonly audit: 'off' | 'policies' | 'namespaces'
  /** kube-router's annotation counts, on policies. */
  readonly readKubeRouterMonitor: boolean
}

export const DEFAULT_AUDIT: AuditOptions = { audit: 'policies', readKubeRouterMonitor: false }

/** The objects with modes that say by themselves what the options make of them, for whoever reads a cluster once. */
export function withModes(objects: readonly ClusterObject[], options: AuditOptions): readonly ClusterObject[] {
  // As every policy says of itself.
  if (options.audit === 'policies' && !options.readKubeRouterMonitor) return objects
  const namespaces = new Map(objects.flatMap((one) => (one.kind === 'Namespace' ? [[one.name, one] as const] : [])))
  return objects.map((one) => {
    if (one.kind !== 'NetworkPolicy') return one
    return { ...one, mode: isAudited(one, namespaces.get(one.namespace), options) ? 'audit' : 'enforce' }
  })
}

/** Is the policy only audited? Its own mode comes before kube-router's word, and that before its namespace's. */
export function isAudited(
  { mode, monitored }: Pick<Policy, 'mode' | 'monitored'>,
  namespace: Pick<Namespace, 'mode'> | undefined,
  { audit, readKubeRouterMonitor }: AuditOptions,
): boolean {
  if (audit === 'off') return false
  if (mode !== undefined) return mode === 'audit'
  if (readKubeRouterMonitor && monitored === true) return true
  return audit === 'namespaces' && namespace?.mode === 'audit'
}
