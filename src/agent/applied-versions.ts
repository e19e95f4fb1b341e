/** Versions by stream; a stream without versions is left out. */
export type Versions = Readonly<Record<string, string>>

/** 'Is it enforced yet?': the last version of each stream of which everything is in the kernel. */
export interface AppliedVersions {
  /** A batch is taken, with everything that has been told: what has been seen by now will then be applied. */
  taken(): void
  /** The batch is in the kernel, and with it all before it; or it is not. */
  settled(upToDate: boolean): void
  /** As of now. Never goes back while the kernel is up to date. */
  read(): Versions
}

export interface AppliedVersionsOptions {
  /** The last version seen of each stream. A source tells its changes in the same step in which it sees the version. */
  readonly seen: () => Versions
  /** Has nothing been told that is not in the kernel? Then events that change nothing count at once. */
  readonly isIdle: () => boolean
}

export function createAppliedVersions({ seen, isIdle }: AppliedVersionsOptions): AppliedVersions {
  let underWay: Versions = {}
  let applied: Versions = {}
  return {
    taken() {
      underWay = seen()
    },
    settled(upToDate) {
      if (upToDate) applied = underWay
    },
    read() {
      if (isIdle()) applied = seen()
      return applied
    },
  }
}
