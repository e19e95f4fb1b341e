import { createHash } from 'node:crypto'
import type { Block } from '../../../compiler/addresses/block.ts'
import type { Change } from '../../../compiler/engine/change.ts'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import { decodeManifest } from './decode-manifest.ts'
import { createFileTracker, RESTLESS, type TrackedFile } from './file-tracker.ts'
import { listManifests, type Listing } from './list-manifests.ts'
import { accessProblems, motionProblems, rootFailure } from './look-problems.ts'
import { lastGood, type ManifestContents, nextContents, NOTHING } from './manifest-contents.ts'
import { createObjectClaims } from './object-claims.ts'
import type { Pace } from './pace.ts'
import { readManifest } from './read-manifest.ts'
import { createToldObjects } from './told-objects.ts'
import { createToldProblems } from './told-problems.ts'

export interface LookerOptions {
  /** Files and directories; one given twice counts once. */
  readonly paths: readonly string[]
  /** Of objects that do not say theirs. */
  readonly defaultNamespace: string
  /** Where the pods that stand for workloads get their addresses. */
  readonly podCidr: Block
}

/** What a look has found that the looks before it had not. */
export interface Look {
  readonly changes: readonly Change[]
  /** By file or object: all its problems at this moment. */
  readonly problems: ReadonlyMap<string, readonly Diagnostic[]>
  /** False: something is on the move, and a look soon afterwards will find more. */
  readonly settled: boolean
  /** Nothing that stood at the first look is left to be read, but for what never rests. */
  readonly complete: boolean
  /** Why a path cannot be looked at. */
  readonly failures: ReadonlyMap<string, string>
  /** By absolute path, with their identities: where a change may show. */
  readonly directories: Listing['directories']
}

export interface ManifestLooker {
  /** Looks at everything once; one look at a time. Rejects only when the pace ends it. */
  look(pace: Pace): Promise<Look>
  /** Objects in force by the path that leads to them. */
  objectsOf(root: string): number
}

interface FileContents extends ManifestContents {
  readonly digest: string
}

/** After so many looks what still moves is no part of what stood at the start. */
const PATIENCE = 10

/** Follows files from look to look; knows no clock. How far apart the looks are is its caller's part. */
export function createManifestLooker({ paths, defaultNamespace, podCidr }: LookerOptions): ManifestLooker {
  const roots = [...new Set(paths)]
  const tracker = createFileTracker()
  const claims = createObjectClaims()
  const toldObjects = createToldObjects(claims, podCidr)
  const toldProblems = createToldProblems()
  const contents = new Map<string, FileContents>()
  const rootOf = new Map<string, string>()
  let before: Listing | undefined
  let looks = 0
  let complete = false

  /** The names whose objects it may have changed; undefined: it was not what had been looked at. */
  async function take(tracked: TrackedFile, pace: Pace): Promise<ReadonlySet<string> | undefined> {
    const { key, file } = tracked
    const known = contents.get(key) ?? { ...NOTHING, digest: '' }
    const tell = (diagnostics: readonly Diagnostic[]) => toldProblems.set('content', file.path, diagnostics)
    const read = readManifest(file)
    if (read.kind === 'changed') return undefined
    if (read.kind === 'failed') {
      if (read.forGood) tracked.taken = file.fingerprint
      contents.set(key, { ...known, digest: '' })
      tell([lastGood(file.path, known, read.problem, read.code)])
      return new Set()
    }
    tracked.taken = file.fingerprint
    const digest = createHash('sha256').update(read.text).digest('base64')
    if (digest === known.digest) return new Set()
    if (read.text.trim() === '') {
      // Written as `command > file`, a file is empty until the command has something to say.
      contents.set(key, { ...known, digest })
      tell([lastGood(file.path, known, 'is empty', 'empty-file')])
      return new Set()
    }
    const decoded = await decodeManifest(file.path, read.text, { defaultNamespace, pace })
    const next = nextContents(file.path, known, decoded)
    contents.set(key, { ...next, digest })
    rootOf.set(key, file.root)
    tell(next.diagnostics)
    return claims.replace(key, next.objects)
  }

  function forget(tracked: TrackedFile): ReadonlySet<string> {
    const { key, file } = tracked
    tracker.forget(tracked)
    contents.delete(key)
    rootOf.delete(key)
    toldProblems.set('content', file.path, [])
    return claims.replace(key, [])
  }

  function tellNames(keys: ReadonlySet<string>): void {
    for (const key of keys) toldProblems.set('names', key, claims.duplicates(key))
    const hint = 'give a larger --pod-cidr'
    const problem = 'the pods that stand for workloads have no addresses: the range has fewer than there are pods'
    const full: Diagnostic = { severity: 'error', code: 'pod-range-full', problem, hint }
    toldProblems.set('names', 'pod addresses', toldObjects.rangeFull() ? [full] : [])
  }

  return {
    async look(pace) {
      const listing = await listManifests(roots, pace)
      const { ready, gone, restless, settled } = tracker.look(listing)
      const touched = new Set<string>()
      const torn: TrackedFile[] = []
      for (const tracked of ready) {
        await pace()
        const keys = await take(tracked, pace)
        if (keys === undefined) torn.push(tracked)
        for (const key of keys ?? []) touched.add(key)
      }
      // What has gone may be what is coming under another name.
      if (torn.length === 0) for (const tracked of gone) for (const key of forget(tracked)) touched.add(key)

      const changes = toldObjects.update(touched)
      tellNames(touched)
      toldProblems.replace('access', accessProblems(listing, before, roots))
      toldProblems.replace(
        'motion',
        motionProblems([...restless, ...torn.filter(({ looks: since }) => since >= RESTLESS)]),
      )
      const blinked = [...listing.unreadable.keys()].some((key) => before !== undefined && !before.unreadable.has(key))
      const failures = failuresOf(listing, roots)
      const restful = torn.length === 0 && settled && !blinked
      looks += 1
      complete ||= looks > 1 && failures.size === 0 && (restful || looks > PATIENCE)
      before = listing
      const { directories } = listing
      return { changes, problems: toldProblems.news(), settled: restful, complete, failures, directories }
    },

    objectsOf(root) {
      let count = 0
      for (const key of claims.keys()) if (rootOf.get(claims.fileOf(key) ?? '') === root) count += 1
      return count
    },
  }
}

function failuresOf(listing: Listing, roots: readonly string[]): ReadonlyMap<string, string> {
  const failures = new Map<string, string>()
  for (const root of roots) {
    const failure = rootFailure(listing, root)
    if (failure !== undefined) failures.set(root, failure)
  }
  return failures
}
