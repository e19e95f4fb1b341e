import { ordinalLabels } from './controller-labels.ts'
import type { LabelInterner } from './label-set.ts'
import type { Pod } from './objects.ts'
import { type Fields, isFields } from './read-fields.ts'

/** So many pods of a StatefulSet are told apart; one more, of no known ordinal, stands for all the others. */
const MOST_ORDINALS = 100

/**
 * The pods of a StatefulSet, made from the one that stands for it: one for each ordinal from spec.ordinals.start on, with
 * the labels and the name that the controller gives it. A set that is scaled to zero has its first pod here, as it was
 * before or will be later.
 */
export function statefulSetPods(standIn: Pod, object: Fields, internLabels: LabelInterner): readonly Pod[] {
  const spec = isFields(object['spec']) ? object['spec'] : {}
  const ordinals = isFields(spec['ordinals']) ? spec['ordinals'] : {}
  const start = countOf(ordinals['start']) ?? 0
  const replicas = Math.max(countOf(spec['replicas']) ?? 1, 1)
  const subdomain = typeof spec['serviceName'] === 'string' ? spec['serviceName'] : ''
  const pods: Pod[] = []
  for (let ordinal = start; ordinal < start + Math.min(replicas, MOST_ORDINALS); ordinal++) {
    const name = `${standIn.name}-${ordinal}`
    const { known, unknown } = ordinalLabels(name, ordinal)
    const labels = internLabels([...standIn.labels.labels, ...known])
    const dnsName = subdomain === '' ? undefined : `${name}.${subdomain}.${standIn.namespace}.svc`
    pods.push({ ...standIn, name, labels, unknownLabels: unknown, ...(dnsName === undefined ? {} : { dnsName }) })
  }
  return replicas > MOST_ORDINALS ? [...pods, standIn] : pods
}

/** A count as the API takes it (an int32); undefined for anything else. */
function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31 ? value : undefined
}
