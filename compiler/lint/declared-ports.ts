import { fieldsOf, itemsOf, textOf } from '../cluster/loose-fields.ts'
import type { Pod } from '../objects/objects.ts'
import { type Fields, isFields } from '../objects/read-fields.ts'
import { type RawObject, rawAt } from './raw-object.ts'

/** A port of a container, with a name or without. */
export interface DeclaredPort {
  readonly number: number
  readonly protocol: string
}

/** What the containers of a pod say that they listen on, as it was written; nothing where they do not say. */
export function declaredPorts(raw: readonly RawObject[], pod: Pod): readonly DeclaredPort[] {
  let ports = known.get(pod)
  if (ports === undefined) known.set(pod, (ports = readPorts(raw, pod)))
  return ports
}

/** Many rules speak of one pod, which is of one input. */
const known = new WeakMap<Pod, readonly DeclaredPort[]>()

function readPorts(raw: readonly RawObject[], pod: Pod): readonly DeclaredPort[] {
  const found = rawAt(raw, pod.place)
  if (found === undefined) return []
  return podSpecs(found.value).flatMap((spec) =>
    [...itemsOf(spec, 'containers'), ...itemsOf(spec, 'initContainers')].flatMap((container) =>
      itemsOf(container, 'ports').flatMap((port) => {
        const number = port['containerPort']
        return typeof number === 'number' ? [{ number, protocol: textOf(port, 'protocol') ?? 'TCP' }] : []
      }),
    ),
  )
}

/** Of a Pod its spec, of a workload that of its template, of a CronJob that of its job's. */
function podSpecs(value: Fields): readonly Fields[] {
  const spec = fieldsOf(value, 'spec')
  const template = isFields(spec['jobTemplate']) ? fieldsOf(fieldsOf(spec, 'jobTemplate'), 'spec') : spec
  return isFields(template['template']) ? [fieldsOf(fieldsOf(template, 'template'), 'spec')] : [template]
}
