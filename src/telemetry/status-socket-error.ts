export type StatusSocketErrorKind =
  /** Nobody listens there. */
  | 'no agent'
  | 'permission denied'
  /** Something answers, but not as an agent of this version does. */
  | 'not an agent'
  /** Somebody listens and does not answer, or says that it cannot. */
  | 'no answer'
  /** To serve: another agent, alive, has the socket. */
  | 'in use'
  /** To serve: the path cannot be a socket. */
  | 'bad path'

/** The status socket cannot be asked, or not be made; the message says what and where, the hint what to do. */
export class StatusSocketError extends Error {
  override readonly name = 'StatusSocketError'
  readonly kind: StatusSocketErrorKind
  readonly path: string
  readonly problem: string
  /** Empty when the problem says it all. */
  readonly hint: string

  constructor(kind: StatusSocketErrorKind, path: string, words: StatusSocketWords) {
    super(`${path}: ${words.problem}`, { cause: words.cause })
    this.kind = kind
    this.path = path
    this.problem = words.problem
    this.hint = words.hint
  }

  /** Where, what, and what to do, in one line. */
  get line(): string {
    return this.hint === '' ? this.message : `${this.message}; ${this.hint}`
  }
}

export interface StatusSocketWords {
  readonly problem: string
  readonly hint: string
  readonly cause?: unknown
}
