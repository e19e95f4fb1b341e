import { canonicalAddress } from '../addresses/canonical-address.ts'
import { type Protocol, PROTOCOLS } from '../objects/protocol.ts'
import type { OtherObject } from '../objects/read-objects.ts'
import type { Fields } from '../objects/read-fields.ts'
import { fieldsOf, itemsOf, portOf, textOf, textsOf } from './loose-fields.ts'

/** One address behind a Service, and its ports, as an EndpointSlice or Endpoints object has them. */
export interface Endpoint {
  /** In canonical text. */
  readonly address: string
  readonly ports: readonly EndpointPort[]
}

export interface EndpointPort {
  /** That of the Service's port; empty where that has none. */
  readonly name: string
  readonly protocol: Protocol
  /** Undefined: every port, that is the one that was asked for (discovery/v1 EndpointPort). */
  readonly number: number | undefined
}

/** The label by which an EndpointSlice belongs to a Service. */
const SERVICE_LABEL = 'kubernetes.io/service-name'

/**
 * The endpoints that the input writes for each Service, by `namespace/name`: those of its EndpointSlices (discovery/v1), as
 * kube-proxy reads them, or, where it has none, of the Endpoints object of its name, from which the control plane would
 * make slices. Endpoints that are not ready are left out.
 */
export function readEndpoints(others: readonly OtherObject[]): ReadonlyMap<string, readonly Endpoint[]> {
  const slices = new Map<string, Endpoint[]>()
  const endpoints = new Map<string, readonly Endpoint[]>()
  for (const { kind, namespace, name, value } of others) {
    if (kind === 'Endpoints') endpoints.set(`${namespace}/${name}`, ofSubsets(value))
    if (kind !== 'EndpointSlice') continue
    const service = textOf(fieldsOf(fieldsOf(value, 'metadata'), 'labels'), SERVICE_LABEL)
    if (service === undefined) continue
    const key = `${namespace}/${service}`
    const known = slices.get(key) ?? []
    slices.set(key, known)
    for (const endpoint of ofSlice(value)) known.push(endpoint)
  }
  return new Map<string, readonly Endpoint[]>([...endpoints, ...slices])
}

function ofSlice(value: Fields): readonly Endpoint[] {
  const ports = portsOf(value)
  return itemsOf(value, 'endpoints')
    .filter((endpoint) => fieldsOf(endpoint, 'conditions')['ready'] !== false)
    .flatMap((endpoint) => textsOf(endpoint, 'addresses'))
    .flatMap((text) => endpointAt(text, ports))
}

function ofSubsets(value: Fields): readonly Endpoint[] {
  return itemsOf(value, 'subsets').flatMap((subset) => {
    const ports = portsOf(subset)
    return itemsOf(subset, 'addresses').flatMap((one) => endpointAt(textOf(one, 'ip') ?? '', ports))
  })
}

function endpointAt(text: string, ports: readonly EndpointPort[]): readonly Endpoint[] {
  const address = canonicalAddress(text)
  return address === undefined ? [] : [{ address, ports }]
}

function portsOf(value: Fields): readonly EndpointPort[] {
  return itemsOf(value, 'ports').flatMap((port): readonly EndpointPort[] => {
    const protocol = PROTOCOLS.find((known) => known === (textOf(port, 'protocol') ?? 'TCP'))
    if (protocol === undefined) return []
    return [{ name: textOf(port, 'name') ?? '', protocol, number: portOf(port, 'port') }]
  })
}
