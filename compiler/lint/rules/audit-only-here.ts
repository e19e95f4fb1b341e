import { textOf } from '../../cluster/loose-fields.ts'
import type { LintInput, LintRule } from '../lint-rule.ts'
import { remarkOn } from '../lint-rule.ts'

/** `selvedge.io/mode: audit` is a word to us alone: whoever else enforces NetworkPolicy enforces that policy. */
export const auditOnlyHere: LintRule = {
  name: 'audit-only-here',
  severity: 'warning',
  summary: 'The policy is only audited by Selvedge, and another engine enforces it',
  check(input) {
    const { audited = [] } = input
    const engine = audited.length === 0 ? undefined : otherEngine(input)
    if (engine === undefined) return []
    const message = `is only audited by Selvedge, and enforced by ${engine.name}: ${engine.seen}`
    return audited.map((policy) =>
      remarkOn(policy, undefined, message, `only where nobody else enforces NetworkPolicy does audit mode let it pass`),
    )
  },
}

/** The groups of their APIs, and the DaemonSets that enforce. */
const ENGINES: readonly { readonly name: string; readonly groups: RegExp; readonly workloads: ReadonlySet<string> }[] =
  [
    {
      name: 'Calico',
      groups: /^(?:(?:crd\.)?projectcalico\.org|operator\.tigera\.io)\//,
      workloads: new Set(['calico-node', 'canal']),
    },
    { name: 'Cilium', groups: /^cilium\.io\//, workloads: new Set(['cilium']) },
    { name: 'Antrea', groups: /^(?:crd|ops)\.antrea\.io\//, workloads: new Set(['antrea-agent']) },
    { name: 'kube-router', groups: /^(?!)/, workloads: new Set(['kube-router']) },
    { name: 'Weave Net', groups: /^(?!)/, workloads: new Set(['weave-net']) },
    { name: 'kube-network-policies', groups: /^(?!)/, workloads: new Set(['kube-network-policies']) },
  ]

/** One that shows in the input: by an object of its API, or by its own pods. */
function otherEngine({ raw, cluster }: LintInput): { readonly name: string; readonly seen: string } | undefined {
  for (const { name, groups, workloads } of ENGINES) {
    const object = raw.find(({ value }) => groups.test(textOf(value, 'apiVersion') ?? ''))
    if (object !== undefined) return { name, seen: `${object.kind} ${object.name} is one of its objects` }
    for (const { pod } of cluster.graph.pods.values()) {
      const { workload } = pod
      if (workload?.kind !== 'DaemonSet' || !workloads.has(workload.name)) continue
      return { name, seen: `DaemonSet ${pod.namespace}/${workload.name} is in the input` }
    }
  }
  return undefined
}
