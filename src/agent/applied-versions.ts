/** Versions by stream; a stream without versions is left out. */
export type Versions = Readonly<Record<string, string>>

/** 'Is it enforced yet?': the last version of each stream of which everything is in the kernel. */
export interface AppliedVersions {
  /** A turn begins with everything that has been told: what has been seen by now will then be applied. */
  turnBegan(): void
  /** What the turn took is in the kernel, and with it all before it; or it is not. */
  turnEnded(upToDate: boolean): void
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
    turnBegan() {
      underWay = seen()
    },
    turnEnded(upToDate) {
      if (upToDate) applied = underWay
    },
    read() {
      if (isIdle()) applied = seen()
      return applied
    },
  }
}
