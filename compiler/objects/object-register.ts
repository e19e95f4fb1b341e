import type { Diagnostic } from './diagnostic.ts'
import { equalMeaning, equalValues } from './equal-meaning.ts'
import type { ClusterObject, Pod } from './objects.ts'
import { formatPlace, type Place } from './place.ts'
import { isFields } from './read-fields.ts'
import type { OtherObject } from './other-object.ts'

/** The objects of an input by their names. */
export interface ObjectRegister {
  /** `pods`: what stands for a workload with several pods in its place. `isGenerated`: the API server makes up its name. */
  add(kind: string, object: ClusterObject, more: { isGenerated: boolean; pods?: readonly Pod[] | undefined }): void
  addOther(other: OtherObject, isGenerated: boolean): void
  objects(): readonly ClusterObject[]
  others(): readonly OtherObject[]
}

/**
 * Of two objects with one kind, namespace and name the first stays; where they differ in something that policy looks at,
 * an error names both places. (kubectl applies one after the other: of equal ones there is no doubt which was meant.)
 */
export function createObjectRegister(report: (diagnostic: Diagnostic) => void): ObjectRegister {
  const first = new Map<string, ClusterObject | OtherObject>()
  const objects: (readonly ClusterObject[])[] = []
  const others: OtherObject[] = []
  /** By their position in `objects`: what gets its name when all others have theirs. */
  const unnamed = new Map<number, { kind: string; object: ClusterObject }>()

  function isFirst(kind: string, one: ClusterObject | OtherObject, isEqual: (known: unknown) => boolean): boolean {
    const owner = ownerOf(one)
    const key = `${kind} ${owner}`
    const known = first.get(key)
    if (known === undefined) {
      first.set(key, one)
      return true
    }
    if (!isEqual(known)) report(alreadyExists(kind, owner, known.place, one.place))
    return false
  }

  /** `migrate`, `migrate-2`, ...: the first that nothing of this kind is called. */
  function freeName(kind: string, object: ClusterObject | OtherObject): string {
    for (let number = 1; ; number++) {
      const name = number === 1 ? object.name : `${object.name}-${number}`
      const key = `${kind} ${ownerOf({ ...object, name })}`
      if (first.has(key)) continue
      first.set(key, object)
      return name
    }
  }

  return {
    add(kind, object, { isGenerated, pods = [] }) {
      if (isGenerated) unnamed.set(objects.length, { kind, object })
      else if (!isFirst(kind, object, (known) => equalMeaning(known as ClusterObject, object))) return
      objects.push(pods.length > 0 ? pods : [object])
    },
    addOther(other, isGenerated) {
      // Nothing leads to what nobody can name.
      if (isGenerated) return
      if (isFirst(other.kind, other, (known) => equalOthers(known as OtherObject, other))) others.push(other)
    },
    objects() {
      for (const [index, { kind, object }] of unnamed) objects[index] = [named(object, freeName(kind, object))]
      unnamed.clear()
      // A pod of a StatefulSet that is written out, or was read from a cluster, is that pod.
      return objects.flat().filter((object) => !isOrdinal(object) || !first.has(`Pod ${ownerOf(object)}`))
    },
    others: () => others,
  }
}

/** A pod of a StatefulSet that is not in the input itself. */
function isOrdinal(object: ClusterObject): boolean {
  return object.kind === 'Pod' && object.standIn === true && object.workload?.name !== object.name
}

function named(object: ClusterObject, name: string): ClusterObject {
  if (object.kind !== 'Pod' || object.workload === undefined || object.standIn === undefined) return { ...object, name }
  return { ...object, name, workload: { ...object.workload, name } }
}

function ownerOf(object: ClusterObject | OtherObject): string {
  return object.kind === 'Namespace' || !('namespace' in object) ? object.name : `${object.namespace}/${object.name}`
}

/** Nothing but annotations and status differs. */
function equalOthers(left: OtherObject, right: OtherObject): boolean {
  const meaning = ({ value }: OtherObject): unknown => {
    const metadata = isFields(value['metadata']) ? value['metadata'] : {}
    return { ...value, status: undefined, metadata: { labels: metadata['labels'] ?? {} } }
  }
  return equalValues(meaning(left), meaning(right))
}

function alreadyExists(kind: string, owner: string, known: Place | undefined, place: Place | undefined): Diagnostic {
  const where = known === undefined ? '' : `, first at ${formatPlace(known)}`
  const problem = `${kind} "${owner}" already exists${where}`
  return {
    severity: 'error',
    code: 'duplicate-name',
    problem,
    hint: 'rename or remove one',
    place,
    object: `${kind} ${owner}`,
  }
}
