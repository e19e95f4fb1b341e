/** What a command's exit status means; the same for all commands. */
export const EXIT = {
  done: 0,
  /** The answer is `no`: denied, something opens or closes, findings. */
  no: 1,
  /** Bad usage or bad input; nothing was written to standard output. */
  badInput: 2,
  /** The machine or the cluster would not. */
  environment: 3,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
