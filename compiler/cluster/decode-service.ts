import { canonicalAddress } from '../addresses/canonical-address.ts'
import { PROTOCOLS } from '../objects/protocol.ts'
import type { OtherObject } from '../objects/read-objects.ts'
import type { Fields } from '../objects/read-fields.ts'
import { fieldsOf, itemsOf, portOf, textOf, textsOf } from './loose-fields.ts'
import type { Service, ServicePort, ServiceType } from './service.ts'

const TYPES: readonly ServiceType[] = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']

/** A Service as far as it can be read; what cannot is left out. */
export function decodeService({ namespace, name, value, place }: OtherObject): Service {
  const spec = fieldsOf(value, 'spec')
  const clusterAddresses = textsOf(spec, 'clusterIPs').length > 0 ? textsOf(spec, 'clusterIPs') : clusterIp(spec)
  const balanced = itemsOf(fieldsOf(fieldsOf(value, 'status'), 'loadBalancer'), 'ingress').map((one) =>
    textOf(one, 'ip'),
  )
  return {
    namespace,
    name,
    type: TYPES.find((type) => type === textOf(spec, 'type')) ?? 'ClusterIP',
    clusterAddresses: canonical(clusterAddresses),
    headless: clusterAddresses.includes('None'),
    externalAddresses: canonical([...textsOf(spec, 'externalIPs'), ...balanced]),
    selector: selectorOf(spec),
    ports: itemsOf(spec, 'ports').flatMap(servicePort),
    externalName: textOf(spec, 'externalName'),
    externalTrafficPolicy: textOf(spec, 'externalTrafficPolicy') === 'Local' ? 'Local' : 'Cluster',
    place,
  }
}

function clusterIp(spec: Fields): readonly string[] {
  const one = textOf(spec, 'clusterIP')
  return one === undefined || one === '' ? [] : [one]
}

function canonical(addresses: readonly (string | undefined)[]): readonly string[] {
  return addresses.flatMap((address) => (address === undefined ? [] : (canonicalAddress(address) ?? [])))
}

/** An empty selector is none: the endpoints controller leaves such a Service alone (core/v1 ServiceSpec). */
function selectorOf(spec: Fields): ReadonlyMap<string, string> | undefined {
  const entries = Object.entries(fieldsOf(spec, 'selector')).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return entries.length === 0 ? undefined : new Map(entries)
}

function servicePort(fields: Fields): readonly ServicePort[] {
  const port = portOf(fields, 'port')
  const written = textOf(fields, 'protocol') ?? 'TCP'
  const protocol = PROTOCOLS.find((known) => known === written)
  if (port === undefined || protocol === undefined) return []
  const targetPort = portOf(fields, 'targetPort') ?? textOf(fields, 'targetPort') ?? port
  return [{ name: textOf(fields, 'name') ?? '', protocol, port, targetPort, nodePort: portOf(fields, 'nodePort') }]
}
