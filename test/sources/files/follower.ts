import type { Change } from '../../../compiler/engine/change.ts'
import { type Diagnostic, formatDiagnostic } from '../../../compiler/objects/diagnostic.ts'
import type { ClusterObject } from '../../../compiler/objects/objects.ts'
import { createManifestLooker, type Look } from '../../../src/sources/files/manifest-looker.ts'
import { objectKey, removalOf } from '../../../src/sources/files/object-key.ts'

export const POD_CIDR = { family: 'IPv4', first: 0x0af4_0000n, prefix: 16 } as const

/** What a listener would know: it takes the changes and the problems of looks that a test asks for one by one. */
export interface Follower {
  look(): Promise<Look>
  /** Looks until nothing moves any more; all the changes on the way. */
  settle(): Promise<readonly Change[]>
  readonly objects: ReadonlyMap<string, ClusterObject>
  /** Keys of the objects in force, sorted. */
  names(): readonly string[]
  /** Every problem that stands, as a line; sorted by what it is of. */
  lines(): readonly string[]
  codes(): readonly string[]
  objectsOf(root: string): number
}

const MOST_LOOKS = 30

export function follow(
  paths: readonly string[],
  podCidr: Parameters<typeof createManifestLooker>[0]['podCidr'] = POD_CIDR,
): Follower {
  const looker = createManifestLooker({ paths, defaultNamespace: 'default', podCidr })
  const objects = new Map<string, ClusterObject>()
  const problems = new Map<string, readonly Diagnostic[]>()
  const standing = () => [...problems].sort(([left], [right]) => (left < right ? -1 : 1)).flatMap(([, all]) => all)

  async function look(): Promise<Look> {
    const found = await looker.look(() => undefined)
    for (const change of found.changes) applyChange(objects, change)
    for (const [of, diagnostics] of found.problems) {
      if (diagnostics.length === 0) problems.delete(of)
      else problems.set(of, diagnostics)
    }
    return found
  }

  return {
    look,
    async settle() {
      const changes: Change[] = []
      for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
        const found = await look()
        changes.push(...found.changes)
        if (found.settled) return changes
      }
      throw new Error(`still moving after ${MOST_LOOKS} looks`)
    },
    objects,
    names: () => [...objects.keys()].sort(),
    lines: () => standing().map(formatDiagnostic),
    codes: () => standing().map(({ code }) => code),
    objectsOf: looker.objectsOf,
  }
}

/** As the engine does it; a removal of something unknown would be no mistake of the stream, but is one here. */
export function applyChange(objects: Map<string, ClusterObject>, change: Change): void {
  if (change.type === 'put') {
    objects.set(objectKey(change.object), change.object)
    return
  }
  const found = [...objects].find(([, object]) => JSON.stringify(removalOf(object)) === JSON.stringify(change))
  if (found === undefined) throw new Error(`removed what was never told: ${JSON.stringify(change)}`)
  objects.delete(found[0])
}
