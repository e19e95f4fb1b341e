import { type Objects, overlayObjects } from '../../compiler/cluster/overlay-objects.ts'
import type { EngineProblem } from '../../compiler/engine/problems.ts'
import { withModes } from '../../compiler/objects/is-audited.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import { auditOptions } from './audit-options.ts'
import { EXIT } from './exit-codes.ts'
import { readAsWritten } from './read-cluster-input.ts'
import { type Input, type InputFlags, podRangeOf, readUnaddressed, tellPodRangeFull } from './read-input.ts'
import type { ReadingFlags } from './reading-options.ts'
import { tellSameSide } from './tell-same-side.ts'

/** The word for the live cluster where a path could stand; a folder of that name is `./cluster`. */
const LIVE = 'cluster'

/** What diff compares. */
export interface Sides {
  readonly before: Objects
  readonly after: Objects
  /** What manifests write, of each side; the rest is the live cluster's. */
  readonly writes: Readonly<Record<'before' | 'after', Writes>>
  /** What of either side the answer does not count. */
  readonly notes: readonly string[]
}

/** Does this problem come from what manifests say? */
type Writes = (problem: EngineProblem, before: readonly EngineProblem[]) => boolean

/** What of manifests cannot be compiled is an error; of the live cluster it is closed, as its agents close it, and told. */
export function sortProblems(
  before: readonly EngineProblem[],
  after: readonly EngineProblem[],
  writes: Sides['writes'],
): { readonly refused: readonly EngineProblem[]; readonly told: readonly EngineProblem[] } {
  const all = [
    ...before.map((problem) => ({ problem, refused: writes.before(problem, before) })),
    ...after.map((problem) => ({ problem, refused: writes.after(problem, before) })),
  ]
  const told = new Map(all.map(({ problem }) => [JSON.stringify(problem), problem]))
  return { refused: all.filter(({ refused }) => refused).map(({ problem }) => problem), told: [...told.values()] }
}

/** Old and new; undefined after having said why not. */
export async function readSides(
  old: string | undefined,
  now: string | undefined,
  { filename, kustomize, ...flags }: ReadingFlags,
): Promise<Sides | undefined> {
  const wrong = wrongUse(old, now, filename ?? kustomize)
  if (wrong !== undefined) {
    process.stderr.write(`${wrong}; see selvedge diff --help\n`)
    process.exitCode = EXIT.badInput
    return undefined
  }
  const side = (path: string | undefined): ReadingFlags =>
    path === undefined || path === LIVE ? flags : { ...flags, filename: [path] }
  const writesAll = (path: string | undefined): Writes => {
    const isWritten = path !== undefined && path !== LIVE
    return () => isWritten
  }
  const inModes = (input: Objects): Objects => ({ ...input, objects: withModes(input.objects, auditOptions(flags)) })
  const before = await readAsWritten(side(old))
  if (before === undefined) return undefined
  if (filename !== undefined || kustomize !== undefined) {
    const overlay = applied(before, { ...flags, filename, kustomize })
    return (
      overlay && {
        before: inModes(before),
        after: inModes(overlay.after),
        writes: { before: () => false, after: writesOf(overlay.manifests) },
        notes: overlay.manifests.notes,
      }
    )
  }
  const after = await readAsWritten(side(now))
  // The live cluster is no folder of that name.
  if (after !== undefined && old !== undefined && now !== undefined && (old === LIVE) === (now === LIVE))
    tellSameSide(old, now)
  return (
    after && {
      before: inModes(before),
      after: inModes(after),
      writes: { before: writesAll(old), after: writesAll(now) },
      notes: [...new Set([...before.notes, ...after.notes])],
    }
  )
}

/** A policy that the manifests hold; of pods, whose policies add up, one that was not closed before. */
function writesOf({ objects }: Objects): Writes {
  const policies = new Set(objects.flatMap((object) => (object.kind === 'NetworkPolicy' ? [podName(object)] : [])))
  return (problem, before) =>
    problem.kind === 'policy closed'
      ? policies.has(problem.policy)
      : !before.some((one) => JSON.stringify(one) === JSON.stringify(problem))
}

/** The live cluster with manifests applied to it, and these; undefined after having said why not. */
function applied(live: Objects, flags: InputFlags): { readonly after: Objects; readonly manifests: Input } | undefined {
  const podRange = podRangeOf(flags)
  const manifests = podRange && readUnaddressed(flags)
  const after = manifests && overlayObjects(live, manifests, podRange)
  if (manifests !== undefined && after === undefined) tellPodRangeFull(flags.podCidr)
  if (manifests === undefined || after === undefined) {
    process.exitCode = EXIT.badInput
    return undefined
  }
  return { after, manifests }
}

function wrongUse(
  old: string | undefined,
  now: string | undefined,
  filename: readonly string[] | undefined,
): string | undefined {
  if (filename !== undefined) return old === undefined ? undefined : 'give OLD and NEW, or -f NEW, not both'
  if (old === undefined || now === undefined) return 'give OLD and NEW, or -f NEW to compare with the live cluster'
  return old === '-' && now === '-' ? 'only one of OLD and NEW can be standard input' : undefined
}
