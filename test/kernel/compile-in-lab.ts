import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { Arrangement } from '../../src/lab/plan.ts'
import type { Probe } from '../../src/lab/probe.ts'
import type { Connection } from '../oracle/connection.ts'
import { inCidr } from '../oracle/in-block.ts'
import { addressesOf, namespaceOf, ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { canonical } from '../arbitraries/block-edges.ts'
import { engineOf, textOf } from '../laws/compile-cluster.ts'

const NODES = ['node-1', 'node-2'] as const
const SUBNETS = {
  'node-1': ['10.244.1.0/24', 'fd44:0:0:1::/64'],
  'node-2': ['10.244.2.0/24', 'fd44:0:0:2::/64'],
} as const

/** A lab whose pods are the owners of the cluster's addresses. */
export function labFor(cluster: RawCluster, arrangement: Arrangement): Promise<Lab> {
  const addresses = new Map<string, string[]>()
  for (const address of new Set(cluster.pods.flatMap(addressesOf).map(canonical))) {
    const owner = ownerOf(address, cluster.pods)
    if (owner === undefined) continue
    const key = podName(owner)
    addresses.set(key, [...(addresses.get(key) ?? []), address])
  }
  return createLab({
    arrangement,
    nodes: NODES.map((name) => ({ name, podSubnets: SUBNETS[name] })),
    pods: [...addresses].map(([name, own]) => ({ name, node: nodeOf(own[0] ?? ''), addresses: own })),
  })
}

/** Each node enforces for the pods that stand on it, as spec.nodeName says. */
export async function loadEverywhere(lab: Lab, cluster: RawCluster): Promise<void> {
  await Promise.all(NODES.map((node) => lab.loadRuleset(node, textOf(engineOf(cluster, (pod) => pod.node === node)))))
}

/** The connection as a raw packet; undefined when it cannot cross the lab between two of its places. */
export function probeOf(cluster: RawCluster, { source, destination, protocol, port }: Connection): Probe | undefined {
  if (protocol === 'other') return undefined
  const [from, to] = [source, destination].map((address) => ownerOf(address, cluster.pods))
  // Strangers among themselves never cross a node; an address of a pod subnet that nobody owns has nobody to answer for it.
  if (from === undefined && to === undefined) return undefined
  if ([source, destination].some((address) => inPodSubnet(address) && ownerOf(address, cluster.pods) === undefined))
    return undefined
  // A pod to itself never leaves its namespace.
  if (from === to) return undefined
  return {
    from: from === undefined ? 'outside' : podName(from),
    fromAddress: source,
    toAddress: destination,
    to: to === undefined ? 'outside' : podName(to),
    protocol,
    ...(port === undefined ? {} : { port }),
  }
}

function podName(pod: Parameters<typeof namespaceOf>[0]): string {
  return `${namespaceOf(pod)}/${pod.metadata.name}`
}

function nodeOf(address: string): string {
  return SUBNETS['node-2'].some((cidr) => inCidr(address, cidr)) ? 'node-2' : 'node-1'
}

function inPodSubnet(address: string): boolean {
  return NODES.some((node) => SUBNETS[node].some((cidr) => inCidr(address, cidr)))
}

/** A packet, and whether it should arrive. */
export interface Expected {
  readonly title: string
  readonly probe: Probe
  readonly allowed: boolean
}

/** Sends every packet once; one that is missing is sent again before it counts, a denied one that arrives counts at once. */
export async function wrongVerdicts(lab: Lab, expected: readonly Expected[]): Promise<readonly string[]> {
  const arrived = await lab.probe(
    expected.map(({ probe }) => probe),
    { attempts: 1 },
  )
  const wrong = expected.filter(({ allowed }, index) => allowed !== arrived[index])
  const missing = wrong.filter(({ allowed }) => allowed)
  const late =
    missing.length === 0
      ? []
      : await lab.probe(
          missing.map(({ probe }) => probe),
          { attempts: 2 },
        )
  const lost = missing.filter((_, index) => late[index] !== true)
  return [
    ...wrong.filter(({ allowed }) => !allowed).map(({ title }) => `${title} should not arrive`),
    ...lost.map(({ title }) => `${title} should arrive`),
  ]
}
