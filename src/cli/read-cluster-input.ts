import { auditNotes } from '../../compiler/cluster/audit-notes.ts'
import { type Cluster, createCluster } from '../../compiler/cluster/create-cluster.ts'
import type { EngineProblem } from '../../compiler/engine/problems.ts'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { withModes } from '../../compiler/objects/is-audited.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { auditOptions } from './audit-options.ts'
import { EXIT } from './exit-codes.ts'
import { type Input, readInput } from './read-input.ts'
import { isOfManifests, type ReadingFlags } from './reading-options.ts'

/** A cluster, and what of its input is not in it. */
export interface ClusterInput extends Cluster, Notes {}

export interface Notes {
  readonly notes?: readonly string[]
}

/** The field of a JSON answer; no field where there is nothing to say. */
export function withNotes(notes: readonly string[] = []): Notes {
  return notes.length === 0 ? {} : { notes }
}

/**
 * The cluster that the flags name: manifests, or the live one. What there is to say goes to standard error; where there is
 * no answer the exit code is set and undefined comes back. A policy of the live cluster that cannot be compiled is closed,
 * as the agents close it; in manifests it is an error.
 */
export async function readClusterInput(
  flags: ReadingFlags,
  ruleset?: RulesetOptions,
): Promise<ClusterInput | undefined> {
  const input = await readEither(flags)
  if (input === undefined) return undefined
  const cluster = createCluster(input.objects, input.others, ruleset)
  if (isOfManifests(flags) && refuseClosed(cluster.closed)) return undefined
  const audited = flags.tellsAudited === false ? [] : tellAudited(cluster.audited)
  return { ...cluster, ...withNotes([...input.notes, ...audited]) }
}

/** Says on standard error which policies are only audited, and gives it back as notes. */
export function tellAudited(audited: Cluster['audited']): readonly string[] {
  const notes = auditNotes(audited.map(({ policy }) => policy))
  for (const note of notes) process.stderr.write(`${note}\n`)
  return notes
}

/** Says what cannot be compiled, and sets the exit code, if there is such a thing. */
export function refuseClosed(closed: readonly EngineProblem[]): boolean {
  for (const problem of closed) process.stderr.write(`${problemText(problem)}\n`)
  if (closed.length > 0) process.exitCode = EXIT.badInput
  return closed.length > 0
}

/** Says what of a live cluster cannot be compiled, and is closed there. */
export function tellClosed(closed: readonly EngineProblem[]): void {
  for (const problem of closed) process.stderr.write(`${problemText(problem)}; it is closed, as the agents close it\n`)
}

function problemText(problem: EngineProblem): string {
  const what = problem.kind === 'policy closed' ? `NetworkPolicy ${problem.policy}` : `pod ${problem.pod}`
  return `${what}: ${problem.direction} cannot be compiled: ${problem.reason}`
}

/** The objects themselves, from manifests or from the live cluster, with modes that the flags say they have. */
export async function readEither(flags: ReadingFlags): Promise<Input | undefined> {
  const input = await readAsWritten(flags)
  return input && { ...input, objects: withModes(input.objects, auditOptions(flags)) }
}

/** The same, for who puts other objects to them: a Namespace may have a say in the modes of its policies. */
export async function readAsWritten(flags: ReadingFlags): Promise<Input | undefined> {
  const { kubeconfig, context } = flags
  if (isOfManifests(flags)) {
    // Nobody writes the status of a pod into a manifest, and there is nothing to ask of a pod without an address.
    const input = readInput(flags, () => true)
    if (input === undefined) process.exitCode = EXIT.badInput
    return input
  }
  // The client is half a second of loading: only for whoever talks to a cluster.
  const { readCluster } = await import('../sources/kubernetes/read-cluster.ts')
  const { ClusterError } = await import('../sources/kubernetes/cluster-error.ts')
  try {
    const { objects, others, diagnostics, lintIgnores } = await readCluster({ kubeconfig, context })
    for (const diagnostic of diagnostics) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`)
    return { objects, others, sources: [], notes: [], withheld: [], lintIgnores }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    const { unreadable = tellUnreadable } = flags
    unreadable(error.message)
    process.exitCode = EXIT.environment
    return undefined
  }
}

/** Says why the live cluster cannot be read, of what manifests would tell as well. */
export function tellUnreadable(reason: string): void {
  process.stderr.write(`${reason}; or give manifests with -f\n`)
}
