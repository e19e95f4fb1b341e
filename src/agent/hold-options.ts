import type { Block } from '../../compiler/addresses/block.ts'

/** What an agent was told of the hold: that addresses of this node's pods pass nothing until their pods are known. */
export interface HoldOptions {
  readonly mode: 'auto' | 'on' | 'off'
  /** Nobody said which: it is off because this version does not begin it by itself, and says that it could. */
  readonly isTold: boolean
  /** Subnets to hold; none: Flannel's of this node. */
  readonly blocks: readonly Block[]
  readonly excepts: readonly Block[]
  /** Where the runtime's library keeps its results. */
  readonly cacheFolder: string
  /** Seconds without an agent after which new pods pass; undefined: never. */
  readonly openAfterSeconds: number | undefined
  /** Also on a node without a table, before the cluster has been read. */
  readonly atBoot: boolean
}

/** A dead agent under `auto`: long enough for any restart, short enough for a night. */
export const DEFAULT_OPEN_AFTER_SECONDS = 600

export const NO_HOLD: HoldOptions = {
  mode: 'off',
  isTold: true,
  blocks: [],
  excepts: [],
  cacheFolder: '',
  openAfterSeconds: undefined,
  atBoot: false,
}
