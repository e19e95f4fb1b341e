/** One question and its answer: do packets of one end arrive at a port of another? */
export interface Way {
  readonly from: string
  readonly to: string
  readonly open: boolean
  /** Before what is being shown happened. */
  readonly wasOpen: boolean
}

/** A row or column: one end, or several that are shown as one as long as they fare alike. */
export interface End {
  readonly name: string
  /** As ways name them; one or more. */
  readonly members: readonly string[]
}

/** A column. */
export interface Receiver extends End {
  /** TCP. */
  readonly port: number
}

export interface Reachability {
  readonly senders: readonly End[]
  readonly receivers: readonly Receiver[]
  /** At most one from each member to each; none from an end to itself. */
  readonly ways: readonly Way[]
}

/** What stands in a cell: open, closed, opened just now, closed just now, nothing to ask. */
export type Mark = '✓' | '✗' | '✗→✓' | '✓→✗' | '·'

export function markOf({ open, wasOpen }: Way): Mark {
  if (open === wasOpen) return open ? '✓' : '✗'
  return open ? '✗→✓' : '✓→✗'
}
