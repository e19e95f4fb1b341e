/** What tests replace: the clock, chance, and every length of time. */
export interface Seams {
  /** Milliseconds; only differences matter. */
  now(): number
  /** From 0 up to, not including, 1. */
  random(): number
  readonly timings: Timings
}

/** All in milliseconds. */
export interface Timings {
  /** A watch asks the server to end it after this times 1 to 2, as client-go does, so that watches spread. */
  readonly watch: number
  /** How much later than asked for a watch is ended from here. */
  readonly watchGrace: number
  readonly watchHeaders: number
  /** Silence of a watch after which it counts as dead; bookmarks come about once a minute. */
  readonly watchSilence: number
  /** A watch that ends sooner than this without an event counts as a failure. */
  readonly shortWatch: number
  /** A server may compose a large list whole before it sends the first byte. */
  readonly list: number
  /** Silence, and total, after which the initial events of a watch are given up for a list. */
  readonly initialSilence: number
  readonly initialTotal: number
  readonly firstBackoff: number
  readonly longestBackoff: number
  /** Without a failure for so long, the next one is the first again. */
  readonly backoffReset: number
  /** First TCP keep-alive probe of an idle connection. */
  readonly keepAlive: number
}

/** client-go's numbers where it has them. */
export const DEFAULT_TIMINGS: Timings = {
  watch: 300_000,
  watchGrace: 10_000,
  watchHeaders: 30_000,
  watchSilence: 150_000,
  shortWatch: 1_000,
  list: 60_000,
  initialSilence: 15_000,
  initialTotal: 120_000,
  firstBackoff: 800,
  longestBackoff: 30_000,
  backoffReset: 120_000,
  keepAlive: 15_000,
}

export const REAL_SEAMS: Seams = {
  now: () => performance.now(),
  random: Math.random,
  timings: DEFAULT_TIMINGS,
}
