/** What of a cluster its page is about. */
export interface PageAsked {
  /** Pods of the nodes in its list, by their keys, since the page folds more finely than other pictures; undefined: all. */
  readonly shown: ReadonlySet<string> | undefined
  /** Pods of those that one end of each connection has to be, the same; undefined: any. */
  readonly focus: ReadonlySet<string> | undefined
  /** What the page is about, for people: `production/db`; empty: everything. */
  readonly words: readonly string[]
  /** What stands in the field for the port at first: `53/UDP`; empty: every port. */
  readonly port: string
  /** What does not pass, instead of what does. */
  readonly denied: boolean
}

/** The page about everything. */
export const EVERYTHING: PageAsked = { shown: undefined, focus: undefined, words: [], port: '', denied: false }
