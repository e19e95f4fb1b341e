import { rulePeers } from '../../graph/rule-peers.ts'
import { peersAllow } from '../../graph/judge.ts'
import { FAMILIES } from '../../addresses/address.ts'
import { parseAddress } from '../../addresses/parse-address.ts'
import type { GraphPod } from '../../graph/allow-graph.ts'
import { type LintInput, type LintRule, remarkOn } from '../lint-rule.ts'
import { podIndexOf } from '../pod-index.ts'
import { type RuleOfPolicy, rulesOfPolicies } from '../policy-rules.ts'

/** A port name is resolved on the pod that the connection goes to; where no such pod has it, the entry allows nothing. */
export const portNameUnknown: LintRule = {
  name: 'port-name-unknown',
  severity: 'warning',
  summary: 'No pod that the rule leads to has a port of this name',
  check(input) {
    return rulesOfPolicies(input).flatMap((one) => {
      const { policy, direction, rule } = one
      if (rule.ports === 'any' || rule.ports.every(({ kind }) => kind !== 'name')) return []
      const destinations = destinationsOf(input, one)
      if (destinations.length === 0) return []
      return rule.ports.flatMap((port, index) => {
        if (port.kind !== 'name') return []
        const owners = destinations.filter(({ pod }) => pod.ports.some(({ name }) => name === port.name))
        if (owners.some(({ pod }) => pod.ports.some((own) => own.name === port.name && own.protocol === port.protocol)))
          return []
        const where =
          direction === 'ingress' ? 'of the pods that the policy selects' : 'of the pods that the rule names'
        const message = `ports[${index}]: none ${where} has a ${port.protocol} port named ${port.name}`
        const other =
          owners.length > 0 ? 'the name is there with another protocol' : 'name the container port, or write its number'
        return [remarkOn(policy, { direction, rule }, message, other)]
      })
    })
  },
}

function destinationsOf({ cluster, complete }: LintInput, one: RuleOfPolicy): readonly GraphPod[] {
  const { policy, direction, rule, pods: selected } = one
  const index = podIndexOf(cluster.graph)
  const hasAddress = ({ addresses }: GraphPod) => addresses.length > 0
  if (direction === 'ingress')
    return index.inNamespace(policy.namespace).filter((owner) => hasAddress(owner) && selected.has(owner.pod))
  const peers = rulePeers(rule, policy.namespace)
  // Who leads to every namespace leads to pods that manifests do not hold, such as those of DNS.
  const everywhere =
    peers.kind === 'anyone' ||
    peers.groups.some(({ namespaces }) => namespaces.kind === 'selected' && namespaces.selector.key === '')
  if (everywhere && !complete) return []
  const isByLabels = peers.kind === 'some' && FAMILIES.every((family) => peers.ranges[family].length === 0)
  const pods = isByLabels ? index.inGroups(peers.groups) : [...cluster.graph.pods.values()]
  return pods.filter((owner) =>
    owner.addresses.some((text) => {
      const address = parseAddress(text)
      return address !== undefined && peersAllow(cluster.graph, peers, { address, owner })
    }),
  )
}
