import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import type { ClusterObject } from '../../../compiler/objects/objects.ts'
import { formatPlace } from '../../../compiler/objects/place.ts'
import { objectKey } from './object-key.ts'

/** Which file's object stands for a name: of several the one that was read first, until it is gone. */
export interface ObjectClaims {
  /** What a file holds from now on; the keys of all objects that it held or holds. */
  replace(file: string, objects: readonly ClusterObject[]): ReadonlySet<string>
  standing(key: string): ClusterObject | undefined
  keys(): Iterable<string>
  /** The file of the object that stands. */
  fileOf(key: string): string | undefined
  /** One problem for each object that another one of its name keeps from standing. */
  duplicates(key: string): readonly Diagnostic[]
}

interface Claim {
  readonly file: string
  readonly object: ClusterObject
}

export function createObjectClaims(): ObjectClaims {
  const byKey = new Map<string, readonly Claim[]>()
  const byFile = new Map<string, readonly ClusterObject[]>()

  return {
    replace(file, objects) {
      const now = Map.groupBy(objects, objectKey)
      const touched = new Set([...(byFile.get(file) ?? []).map(objectKey), ...now.keys()])
      for (const key of touched) {
        const claims = byKey.get(key) ?? []
        const own = (now.get(key) ?? []).map((object): Claim => ({ file, object }))
        // What a file held before keeps its place in the queue.
        const place = claims.findIndex((claim) => claim.file === file)
        const others = claims.filter((claim) => claim.file !== file)
        const next = place < 0 ? [...others, ...own] : [...others.slice(0, place), ...own, ...others.slice(place)]
        if (next.length === 0) byKey.delete(key)
        else byKey.set(key, next)
      }
      if (objects.length === 0) byFile.delete(file)
      else byFile.set(file, objects)
      return touched
    },

    standing: (key) => byKey.get(key)?.[0]?.object,
    keys: () => byKey.keys(),
    fileOf: (key) => byKey.get(key)?.[0]?.file,

    duplicates(key) {
      const [first, ...others] = byKey.get(key) ?? []
      return others.map(({ object: { place } }): Diagnostic => {
        const where = first?.object.place === undefined ? '' : `, first read at ${formatPlace(first.object.place)}`
        const problem = `${key} already exists${where}`
        const hint = 'the first stands until it is gone: rename or remove one'
        return { severity: 'error', code: 'duplicate-name', problem, hint, place, object: key }
      })
    },
  }
}
