import type { Change } from '../../compiler/engine/change.ts'
import type { Diagnostic } from '../../compiler/objects/diagnostic.ts'

/** Where objects come from: the API server, or a directory. Both give the same stream of changes. */
export interface Source {
  /** Begins to watch; returns at once. */
  start(listener: SourceListener): void
  /** Ends every watch; no call to the listener comes afterwards. */
  stop(): Promise<void>
  status(): SourceStatus
  /**
   * Resolves when all that stood in this namespace as policies and as its labels when the last pod was told has been told too.
   * Absent: whatever is told is told together, and nothing lags. `missing`: a policy is
   * known to stand there, and not told yet.
   */
  readonly caughtUp?: (namespace: string, missing?: () => void) => Promise<void>
  /**
   * Asks for one pod by its name, whatever its watch does, and tells it as a change. Resolves with whether it was told, there is
   * none, or nobody knows. Absent: there is nothing to ask.
   */
  readonly lookFor?: (pod: { readonly namespace: string; readonly name: string }) => Promise<PodAnswer>
}

/** `told`: as it is now, or newer, the pod has been told; `none`: there is none, or it has finished; `failed`: nobody knows. */
export type PodAnswer = 'told' | 'none' | 'failed'

/** What a source tells, synchronously and in order. A listener that throws is a bug, and the source does not hide it. */
export interface SourceListener {
  /** Events since the last call; before `synced` they are the first part of the truth. */
  changes(changes: readonly Change[]): void
  /** Everything that stood when the source began has been told. Once only. */
  synced(): void
  /** Problems of one object (its key) or file, all of them at this moment; an empty list takes earlier ones back. */
  problems(of: string, diagnostics: readonly Diagnostic[]): void
}

/** How fresh the truth is, for readiness, metrics and `selvedge status`. */
export interface SourceStatus {
  readonly synced: boolean
  /** One entry a stream: a kind of the API, or the directory. */
  readonly streams: readonly StreamStatus[]
}

export interface StreamStatus {
  readonly name: string
  readonly synced: boolean
  /** `connected`, or why not, in words that name the cure where there is one. */
  readonly state: string
  readonly connected: boolean
  /** Milliseconds since something last came over the stream; undefined: nothing yet. */
  readonly silentFor: number | undefined
  /** The last resourceVersion seen; empty where there is none. */
  readonly resourceVersion: string
  readonly objects: number
  /** Since the start, by reason. */
  readonly restarts: Readonly<Record<string, number>>
  readonly relists: Readonly<Record<string, number>>
}
