/** A plan that no lab can be built from: two pods of one address, a pod on an unknown node. */
export class LabPlanError extends Error {
  override readonly name = 'LabPlanError'
}

export interface FailedCommand {
  readonly command: string
  readonly exitCode: number | undefined
  readonly stderr: string
}

/** A program of the lab (ip, nft, tcpreplay, a server) failed; its words are in `stderr`. */
export class LabCommandError extends Error {
  override readonly name = 'LabCommandError'
  readonly command: string
  /** Undefined when it did not start or a signal ended it. */
  readonly exitCode: number | undefined
  readonly stderr: string

  constructor(failed: FailedCommand) {
    super(`${failed.command}: ${failed.stderr.trim() || `exit code ${failed.exitCode}`}`)
    this.command = failed.command
    this.exitCode = failed.exitCode
    this.stderr = failed.stderr
  }
}
