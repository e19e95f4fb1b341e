import type { Cluster } from '../cluster/create-cluster.ts'
import { serviceEndpoints } from '../cluster/service-endpoints.ts'
import type { FlowProtocol } from '../nftables/flow-record.ts'

/** A Service and its port, through which a connection may have come to an endpoint. */
export interface ServiceDoor {
  readonly namespace: string
  readonly name: string
  readonly port: number
}

/** By `address protocol port` of endpoints: the Services that lead there. Made once for a cluster. */
export type ServiceDoors = ReadonlyMap<string, readonly ServiceDoor[]>

export function findServiceDoors(cluster: Cluster): ServiceDoors {
  const doors = new Map<string, ServiceDoor[]>()
  for (const service of cluster.services.values()) {
    for (const port of service.ports) {
      for (const { pod, port: target } of serviceEndpoints(cluster, service, port)) {
        if (target === undefined) continue
        for (const address of pod.addresses) {
          const key = doorKey(address, port.protocol, target)
          const door = { namespace: service.namespace, name: service.name, port: port.port }
          doors.set(key, [...(doors.get(key) ?? []), door])
        }
      }
    }
  }
  return doors
}

/** Those that lead to where the flow went; the kernel has noted the endpoint, never the Service. */
export function servicesBehind(
  doors: ServiceDoors,
  destination: string,
  carries: FlowProtocol,
): readonly ServiceDoor[] {
  if (!('port' in carries)) return []
  return doors.get(doorKey(destination, carries.protocol, carries.port)) ?? []
}

function doorKey(address: string, protocol: string, port: number): string {
  return `${address} ${protocol} ${port}`
}
