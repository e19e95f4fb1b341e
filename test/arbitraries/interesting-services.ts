import type { Connection } from '../oracle/connection.ts'
import { addressesOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawPod } from '../oracle/raw-cluster.ts'
import { canonical } from './block-edges.ts'

/** What a connection asks for: a protocol, and a port where it has one. */
export type Service = Pick<Connection, 'protocol' | 'port'>

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const
const ALWAYS = ['TCP/7', 'UDP/7', 'SCTP/7', 'ICMP', 'other']

/**
 * At and around the edges of every range that a policy writes, and its first port over another protocol; every port that a
 * container has; one that nobody speaks of, over each protocol; ICMP and a protocol without ports.
 */
export function interestingServices(cluster: RawCluster): readonly Service[] {
  const written = portsOf(cluster).flatMap(({ protocol, port, endPort }) => {
    if (typeof port !== 'number') return []
    const last = endPort ?? port
    const own = [port - 1, port, Math.floor((port + last) / 2), last, last + 1].map((number) => `${protocol}/${number}`)
    return [...own, `${next(protocol)}/${port}`]
  })
  const served = cluster.pods.flatMap(containerServices)
  return parseServices([...written, ...served, ...ALWAYS])
}

/** The ports of every container, sidecar and init container of the pods that have the address (canonical text). */
export function servicesOf(cluster: RawCluster, address: string): readonly Service[] {
  return parseServices(
    cluster.pods.filter((pod) => addressesOf(pod).map(canonical).includes(address)).flatMap(containerServices),
  )
}

function containerServices(pod: RawPod): readonly string[] {
  return [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])]
    .flatMap((container) => container.ports ?? [])
    .map((port) => `${port.protocol ?? 'TCP'}/${port.containerPort}`)
}

/** Each once; what has a port out of range, at the edges of the space, is left out. */
function parseServices(texts: readonly string[]): readonly Service[] {
  return [...new Set(texts)].flatMap((text) => {
    const [name, port] = text.split('/')
    const protocol = name as Connection['protocol']
    if (port === undefined) return [{ protocol }]
    return Number(port) >= 1 && Number(port) <= 65535 ? [{ protocol, port: Number(port) }] : []
  })
}

function portsOf(cluster: RawCluster) {
  return cluster.policies.flatMap((policy) =>
    [...(policy.spec?.ingress ?? []), ...(policy.spec?.egress ?? [])]
      .flatMap((rule) => rule?.ports ?? [])
      .map((port) => ({ protocol: port?.protocol ?? 'TCP', port: port?.port, endPort: port?.endPort })),
  )
}

function next(protocol: string): string {
  return PROTOCOLS[(PROTOCOLS.findIndex((known) => known === protocol) + 1) % PROTOCOLS.length] ?? 'TCP'
}
