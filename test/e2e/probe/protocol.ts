/* What the runner and a session in a pod say to each other: one JSON text a line, over `kubectl exec -i`. */

export interface Target {
  readonly protocol: 'tcp' | 'udp'
  /** An address, or a name that is looked up first. */
  readonly host: string
  readonly port: number
}

/** `timeout` is what a drop looks like. Everything but `ok` and `timeout` is a fault of the set-up, or a REJECT. */
export type Outcome = 'ok' | 'timeout' | 'refused' | 'unreachable' | 'error'

export interface Answer {
  readonly outcome: Outcome
  /** Of `ok`: "POD from ADDRESS", as the server saw it. Else what went wrong. */
  readonly said: string
}

export interface Settled extends Answer {
  /** Milliseconds from the request to the first answer, or, of what is to be denied, to the last one; null: not reached. */
  readonly reached: number | null
}

/** `hold`: one session, every answer counts. `knock`: a new connection each time. */
export type Manner = 'hold' | 'knock'

export interface Tally {
  readonly sent: number
  readonly answered: number
  /** Milliseconds. */
  readonly longestGap: number
  readonly broken?: string
}

export type Request =
  | { readonly kind: 'dial'; readonly targets: readonly Target[]; readonly milliseconds: number }
  | {
      readonly kind: 'settle'
      readonly targets: readonly (Target & { readonly allowed: boolean })[]
      readonly milliseconds: number
    }
  | { readonly kind: 'resolve'; readonly name: string; readonly family: 4 | 6 }
  | { readonly kind: 'start'; readonly name: string; readonly manner: Manner; readonly target: Target }
  | { readonly kind: 'stop'; readonly name: string }
  | { readonly kind: 'forward'; readonly port: number; readonly to: Target }
  /** From now on notes what comes by UDP to that port, and answers nothing. */
  | { readonly kind: 'listen'; readonly port: number }
  /** What came, by its text, since `listen`; then it listens no more. */
  | { readonly kind: 'heard'; readonly port: number }

export interface Replies {
  readonly dial: readonly Answer[]
  readonly settle: readonly Settled[]
  readonly resolve: readonly string[]
  readonly start: null
  readonly stop: Tally
  readonly forward: null
  readonly listen: null
  readonly heard: Readonly<Record<string, number>>
}
