import type { OtherObject } from '../objects/read-objects.ts'
import type { Place } from '../objects/place.ts'
import type { Fields } from '../objects/read-fields.ts'
import { fieldsOf, itemsOf, portOf, textOf } from './loose-fields.ts'

/** An Ingress (networking/v1), trimmed to where it sends what comes in: its controller's pods are the ones that connect. */
export interface Ingress {
  readonly namespace: string
  readonly name: string
  readonly ingressClass: string | undefined
  readonly backends: readonly IngressBackend[]
  readonly place?: Place | undefined
}

export interface IngressBackend {
  /** Of the default backend, empty. */
  readonly host: string
  readonly path: string
  /** A Service of the Ingress's own namespace. */
  readonly service: string
  readonly port: number | string | undefined
}

/** An Ingress as far as it can be read; what cannot is left out. */
export function decodeIngress({ namespace, name, value, place }: OtherObject): Ingress {
  const spec = fieldsOf(value, 'spec')
  const rules = itemsOf(spec, 'rules').flatMap((rule) =>
    itemsOf(fieldsOf(rule, 'http'), 'paths').flatMap((path) =>
      backend(fieldsOf(path, 'backend'), textOf(rule, 'host') ?? '', textOf(path, 'path') ?? '/'),
    ),
  )
  const backends = [...backend(fieldsOf(spec, 'defaultBackend'), '', '/'), ...rules]
  return { namespace, name, ingressClass: textOf(spec, 'ingressClassName'), backends, place }
}

function backend(fields: Fields, host: string, path: string): readonly IngressBackend[] {
  const service = textOf(fieldsOf(fields, 'service'), 'name')
  if (service === undefined) return []
  const port = fieldsOf(fieldsOf(fields, 'service'), 'port')
  return [{ host, path, service, port: portOf(port, 'number') ?? textOf(port, 'name') }]
}
