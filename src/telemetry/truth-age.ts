import type { StreamStatus } from '../sources/source.ts'

/** How old what the agent knows of one stream is. */
export interface TruthAge {
  readonly stream: string
  /** Seconds for which changes may have been missed: 0 while connected; null: nothing was ever heard. */
  readonly ageSeconds: number | null
  /** Seconds since anything came over the stream; a quiet cluster is silent too. Null: nothing ever came. */
  readonly silentSeconds: number | null
  readonly connected: boolean
  /** The stream's own words. */
  readonly state: string
}

/** The age of the truth for each stream, in the order of the streams. */
export function truthAges(streams: readonly StreamStatus[]): readonly TruthAge[] {
  return streams.map(({ name, synced, connected, silentFor, state }) => {
    const silentSeconds = silentFor === undefined ? null : silentFor / 1000
    const ageSeconds = connected && synced ? 0 : silentSeconds
    return { stream: name, ageSeconds, silentSeconds, connected, state }
  })
}
