import type { Protocol } from '../objects/protocol.ts'
import type { Place } from '../objects/place.ts'

/** A Service (core/v1), trimmed to what a connection by its name or address depends on. */
export interface Service {
  readonly namespace: string
  readonly name: string
  readonly type: ServiceType
  /** spec.clusterIPs in canonical text; empty when headless, and in files, where nobody has given it one. */
  readonly clusterAddresses: readonly string[]
  /** spec.clusterIP is None: its name leads to the pods themselves, on the ports that they really listen on. */
  readonly headless: boolean
  /** spec.externalIPs and status.loadBalancer.ingress, in canonical text. */
  readonly externalAddresses: readonly string[]
  /** undefined: no selector, so its endpoints are somebody else's doing, and not known here. */
  readonly selector: ReadonlyMap<string, string> | undefined
  readonly ports: readonly ServicePort[]
  /** For ExternalName only: the name that a resolver is sent on to. */
  readonly externalName: string | undefined
  /** Local: a packet from outside keeps its source address (spec.externalTrafficPolicy). */
  readonly externalTrafficPolicy: 'Cluster' | 'Local'
  readonly place?: Place | undefined
}

export type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'

export interface ServicePort {
  /** Empty where a Service with one port leaves it out. */
  readonly name: string
  readonly protocol: Protocol
  readonly port: number
  /** A number, or the name of a container port, which each pod resolves by itself. */
  readonly targetPort: number | string
  readonly nodePort: number | undefined
}
