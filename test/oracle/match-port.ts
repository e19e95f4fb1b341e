import type { Connection } from './connection.ts'
import type { RawPod, RawPort } from './raw-cluster.ts'

/**
 * networking/v1 NetworkPolicyPort. A missing protocol is TCP; without port all ports of the protocol; a name is resolved
 * on the destination pod, in both directions, and allows nothing where it does not resolve.
 */
export function matchesPort(port: RawPort, connection: Connection, destination: RawPod | undefined): boolean {
  const protocol = port.protocol ?? 'TCP'
  if (connection.protocol !== protocol) return false
  const wanted = port.port
  if (wanted === undefined || wanted === null) return true
  if (connection.port === undefined) return false
  if (typeof wanted === 'string') return connection.port === numberOfName(wanted, protocol, destination)
  return wanted <= connection.port && connection.port <= (port.endPort ?? wanted)
}

/** Containers first, then sidecars (init containers that restart always); the first port of that name and protocol counts. */
function numberOfName(name: string, protocol: string, pod: RawPod | undefined): number | undefined {
  const containers = pod?.spec?.containers ?? []
  const sidecars = (pod?.spec?.initContainers ?? []).filter((container) => container.restartPolicy === 'Always')
  return [...containers, ...sidecars]
    .flatMap((container) => container.ports ?? [])
    .find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol)?.containerPort
}
