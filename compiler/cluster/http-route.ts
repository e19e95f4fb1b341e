import type { OtherObject } from '../objects/read-objects.ts'
import type { Place } from '../objects/place.ts'
import type { Fields } from '../objects/read-fields.ts'
import { fieldsOf, itemsOf, portOf, textOf, textsOf } from './loose-fields.ts'

/** An HTTPRoute (gateway.networking.k8s.io/v1), trimmed to where it sends what comes in by its Gateways. */
export interface HttpRoute {
  readonly namespace: string
  readonly name: string
  /** `namespace/name` of its parents that are Gateways. */
  readonly gateways: readonly string[]
  readonly backends: readonly RouteBackend[]
  readonly place?: Place | undefined
}

export interface RouteBackend {
  /** Empty: every host. */
  readonly host: string
  readonly path: string
  /** `namespace/name` of the Service. */
  readonly service: string
  readonly port: number | undefined
}

/** An HTTPRoute as far as it can be read; what cannot is left out. */
export function decodeHttpRoute({ namespace, name, value, place }: OtherObject): HttpRoute {
  const spec = fieldsOf(value, 'spec')
  const hosts = textsOf(spec, 'hostnames')
  const gateways = itemsOf(spec, 'parentRefs')
    .filter((parent) => (textOf(parent, 'kind') ?? 'Gateway') === 'Gateway')
    .map((parent) => `${textOf(parent, 'namespace') ?? namespace}/${textOf(parent, 'name') ?? ''}`)
  const backends = itemsOf(spec, 'rules').flatMap((rule) =>
    itemsOf(rule, 'backendRefs')
      .filter((backend) => (textOf(backend, 'kind') ?? 'Service') === 'Service')
      .map(
        (backend): RouteBackend => ({
          host: hosts.join(', '),
          path: pathsOf(rule),
          service: `${textOf(backend, 'namespace') ?? namespace}/${textOf(backend, 'name') ?? ''}`,
          port: portOf(backend, 'port'),
        }),
      ),
  )
  return { namespace, name, gateways, backends, place }
}

function pathsOf(rule: Fields): string {
  const paths = itemsOf(rule, 'matches').flatMap((match) => textOf(fieldsOf(match, 'path'), 'value') ?? [])
  return paths.length === 0 ? '/' : paths.join(', ')
}
