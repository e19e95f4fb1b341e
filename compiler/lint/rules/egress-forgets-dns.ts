import { FAMILIES } from '../../addresses/address.ts'
import { blockRange } from '../../addresses/block-range.ts'
import { formatBlock } from '../../addresses/format-block.ts'
import { rangesContain } from '../../addresses/ranges.ts'
import type { Cluster } from '../../cluster/create-cluster.ts'
import { dnsConnections, lookUpNames } from '../../explain/name-lookup.ts'
import type { Connection } from '../../graph/judge.ts'
import type { GraphPod } from '../../graph/allow-graph.ts'
import type { Grant, GrantPorts } from '../../graph/grants.ts'
import { podName } from '../../objects/pod-name.ts'
import type { Pod, Policy } from '../../objects/objects.ts'
import { type LintRule, type Remark, remarkOn } from '../lint-rule.ts'

/** A pod isolated for egress that may connect to others, but not ask the cluster's DNS, cannot find them by name. */
export const egressForgetsDns: LintRule = {
  name: 'egress-forgets-dns',
  severity: 'warning',
  summary: 'Egress is restricted, and the cluster’s DNS is not among what is allowed',
  check({ cluster }) {
    const firstOf = new Map<Pod, Policy>()
    for (const { policy, pods } of cluster.selections) {
      if (policy.egress?.kind !== 'rules' || policy.egress.rules.length === 0) continue
      for (const pod of pods) if (!firstOf.has(pod)) firstOf.set(pod, policy)
    }
    const blamed = new Map<Policy, string[]>()
    for (const pod of cluster.graph.pods.values()) {
      // Who may reach nobody at all was meant to be closed.
      if (pod.egress === 'open' || pod.addresses.length === 0 || !pod.egress.list.some(needsNames)) continue
      const { allowed, assumed } = lookUpNames(cluster, pod)
      if (allowed || (assumed && thinksOfDns(pod))) continue
      const first = firstOf.get(pod.pod)
      if (first === undefined) continue
      const names = blamed.get(first)
      if (names === undefined) blamed.set(first, [podName(pod.pod)])
      else names.push(podName(pod.pod))
    }
    return [...blamed].map(([policy, pods]): Remark => {
      const place = policy.egress?.kind === 'rules' ? policy.egress.rules[0]?.place : undefined
      const shown = pods.length > 3 ? `${pods.slice(0, 3).join(', ')} and ${pods.length - 3} more` : pods.join(', ')
      const except = exceptOverDns(cluster, policy)
      const message = `${shown} cannot resolve names: egress to the cluster's DNS is not allowed${except}`
      const hint = `add a rule to kube-system pods with k8s-app=kube-dns on UDP and TCP ${dnsPort(cluster)}`
      return { ...remarkOn(policy, undefined, message, hint), place: place ?? policy.place }
    })
  },
}

/** To the DNS pods in the input. */
function lookups(cluster: Cluster): readonly Connection[] {
  for (const pod of cluster.graph.pods.values()) {
    if (pod.addresses.length > 0) return dnsConnections(cluster, pod)
  }
  return []
}

function dnsPort(cluster: Cluster): number {
  const transport = lookups(cluster)[0]?.transport
  return transport === undefined || transport.protocol === 'other' ? 53 : transport.port
}

/** Where the DNS pods stand in what an ipBlock leaves out. */
function exceptOverDns(cluster: Cluster, { egress }: Policy): string {
  if (egress?.kind !== 'rules') return ''
  const servers = lookups(cluster).map(({ destination }) => destination)
  for (const { peers } of egress.rules) {
    for (const peer of peers === 'anyone' ? [] : peers) {
      if (peer.kind !== 'block') continue
      const except = peer.excepts.find((one) =>
        servers.some(({ family, value }) => family === one.family && rangesContain([blockRange(one)], value)),
      )
      if (except !== undefined)
        return `, its pods are in ${formatBlock(except)}, excepted from ${formatBlock(peer.block)}`
    }
  }
  return ''
}

/** What leads to a few addresses, or to the API server alone, whose address every pod is told, is found without a name. */
function needsNames({ ports, peers }: Grant): boolean {
  const isOfTheServer = ports.kind === 'range' && ports.from === API_SERVER && ports.to === API_SERVER
  const some = peers.kind === 'some' ? peers : undefined
  if (isOfTheServer && (some === undefined || some.groups.length === 0)) return false
  if (some === undefined || some.groups.length > 0) return true
  return FAMILIES.some((family) => some.ranges[family].some(({ first, last }) => last - first >= A_FEW))
}

/** Neighbours among single addresses are one range. */
const A_FEW = 8n

/** Of kubeadm, k3s and most others. */
const API_SERVER = 6443

/** Where DNS pods listen: kubeadm and k3s, OpenShift, Gardener. */
const DNS_PORTS = [53, 5353, 8053]

/**
 * Some rule is for DNS on pods elsewhere, by its port (a name such as `dns`, too): what labels and ports the DNS pods have there,
 * an input without them does not say.
 */
function thinksOfDns({ egress }: GraphPod): boolean {
  if (egress === 'open') return true
  return egress.list.some(
    ({ ports, peers }) =>
      areOfDns(ports) && peers.kind === 'some' && peers.groups.some(({ namespaces }) => namespaces.kind === 'selected'),
  )
}

function areOfDns(ports: GrantPorts): boolean {
  switch (ports.kind) {
    case 'any':
    case 'protocol':
      return false
    case 'name':
      return ports.protocol === 'UDP' && ports.name.includes('dns')
    case 'range':
      return ports.protocol === 'UDP' && DNS_PORTS.some((port) => ports.from <= port && port <= ports.to)
  }
}
