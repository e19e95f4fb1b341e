import type { FieldPath } from './field-path.ts'
import { invalidValue } from './field-problems.ts'
import { checkDnsSubdomain } from './name-syntax.ts'
import type { Workload } from './objects.ts'
import type { Problems } from './problems.ts'
import { type Fields, readList, readMapping, readString } from './read-fields.ts'

const PATH: FieldPath = ['metadata', 'ownerReferences']
const KIND = /^[A-Za-z][A-Za-z0-9]{0,62}$/

/** The Deployment controller names its ReplicaSets `<deployment>-<hash>`, and gives their pods the hash as this label. */
const TEMPLATE_HASH_LABEL = 'pod-template-hash'

/** The workload that controls a pod, for people to read: the Deployment rather than its ReplicaSet. */
export function decodeOwner(
  metadata: Fields,
  labels: ReadonlyMap<string, string>,
  problems: Problems,
): Workload | undefined {
  for (const [index, item] of (readList(metadata['ownerReferences'], PATH, problems) ?? []).entries()) {
    const owner = readMapping(item, [...PATH, index], problems)
    if (owner === undefined || owner['controller'] !== true) continue
    const kind = readString(owner['kind'], [...PATH, index, 'kind'], problems) ?? ''
    const name = readString(owner['name'], [...PATH, index, 'name'], problems) ?? ''
    const refusals = problems.refusals()
    if (!KIND.test(kind)) problems.refuse(invalidValue([...PATH, index, 'kind'], kind, 'must be the name of a kind'))
    for (const problem of checkDnsSubdomain(name))
      problems.refuse(invalidValue([...PATH, index, 'name'], name, problem))
    return problems.refusals() > refusals ? undefined : withoutReplicaSet({ kind, name }, labels)
  }
  return undefined
}

function withoutReplicaSet(owner: Workload, labels: ReadonlyMap<string, string>): Workload {
  // Without a hash this is a bare '-', and no name ends or starts with one.
  const suffix = `-${labels.get(TEMPLATE_HASH_LABEL) ?? ''}`
  if (owner.kind !== 'ReplicaSet' || !owner.name.endsWith(suffix)) return owner
  return { kind: 'Deployment', name: owner.name.slice(0, -suffix.length) }
}
