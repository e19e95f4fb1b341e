import type { Block } from '../../../compiler/addresses/block.ts'
import { formatBlock } from '../../../compiler/addresses/format-block.ts'
import type { HoldChange, HoldSubnets, SandboxChange } from '../../../compiler/objects/sandbox.ts'
import { type FilesClock, SYSTEM_CLOCK } from '../files/files-clock.ts'
import { createCacheBook } from './cache-book.ts'
import { type CacheState, createCacheFolder } from './cache-folder.ts'
import { createLiveness } from './liveness.ts'
import { followSubnets } from './subnets.ts'
import { type WatchFolder, watchFolder } from './watch-folder.ts'

export interface CniSourceOptions {
  /** `auto`: the hold is on while a subnet is known and the cache can be read; `on`: while a subnet is known. */
  readonly mode: 'auto' | 'on'
  /** Subnets that were told; none: those of Flannel, else of its bridge. */
  readonly blocks: readonly Block[]
  readonly excepts: readonly Block[]
  /** Where the runtime's library keeps its results: `/var/lib/cni/results`. */
  readonly cacheFolder: string
  /** Does a pod of the API still run in this sandbox (by the name of its file)? Asked when all files are gone at once. */
  readonly isRunning?: (key: string) => boolean
  readonly places?: Partial<CniPlaces>
  readonly clock?: FilesClock
  readonly watch?: WatchFolder
  /** The prefixes of the pods' bridge; default: cni0's. */
  readonly bridgePrefixes?: () => readonly string[]
}

/** What else is read on a node. */
export interface CniPlaces {
  readonly subnetFile: string
  readonly netns: string
  readonly networks: string
  readonly proc: string
}

export const CNI_PLACES: CniPlaces = {
  subnetFile: '/run/flannel/subnet.env',
  netns: '/run/netns',
  networks: '/var/lib/cni/networks',
  proc: '/proc',
}

export const DEFAULT_CACHE_FOLDER = '/var/lib/cni/results'

/** What the source tells, synchronously and in order. */
export interface CniListener {
  changes(changes: readonly (SandboxChange | HoldChange)[]): void
  /** What stands in its way is another than before. */
  state(state: CniState): void
  /** The cache is not what it was. Nothing is told any more; whoever started the agent is to start it anew, with fresh mounts. */
  lost(reason: string): void
}

export interface CniState {
  readonly subnets: readonly Block[]
  readonly cache: CacheState
}

export interface CniSource {
  /** All that stands is told before this returns; the rest as it comes. */
  start(listener: CniListener): void
  stop(): void
}

/** The sandboxes of this node's pods as the container runtime notes them, and for which subnets the hold is to stand. */
export function createCniSource(options: CniSourceOptions): CniSource {
  const { mode, excepts, cacheFolder, isRunning = () => false } = options
  const { clock = SYSTEM_CLOCK, watch = watchFolder, bridgePrefixes } = options
  const places = { ...CNI_PLACES, ...options.places }
  let stop = (): void => undefined

  return {
    start(listener) {
      const book = createCacheBook({ isAlive: createLiveness(places) })
      let begun = false
      let told = ''
      let toldState = ''
      const folder = createCacheFolder({
        folder: cacheFolder,
        book,
        clock,
        watch,
        looked: tell,
        lost: (reason) => {
          stop()
          listener.lost(`${cacheFolder}: ${reason}`)
        },
        isRunning,
      })
      let blocks: readonly Block[] = options.blocks
      const subnets =
        blocks.length > 0
          ? undefined
          : followSubnets({ file: places.subnetFile, clock, watch, bridgePrefixes, changed: resize })
      stop = () => {
        folder.stop()
        subnets?.stop()
      }

      function resize(now: readonly Block[]): void {
        blocks = now
        book.limitTo(now)
        if (begun) tell()
      }

      /** The hold first where it begins: what is told then stands in the same batch. */
      function tell(): void {
        const hold = holdOf(blocks, folder.state)
        const text = hold.kind === 'off' ? 'off' : hold.blocks.map(formatBlock).join()
        const ofHold: readonly HoldChange[] = text === told ? [] : [{ type: 'hold', subnets: hold }]
        told = text
        const changes = [...ofHold, ...book.takeChanges()]
        if (changes.length > 0) listener.changes(changes)
        const state = { subnets: blocks, cache: folder.state }
        const stateText = `${blocks.map(formatBlock).join()} ${JSON.stringify(folder.state)}`
        if (stateText !== toldState) listener.state(state)
        toldState = stateText
      }

      book.limitTo(blocks)
      begun = true
      folder.start()
    },
    stop: () => stop(),
  }

  function holdOf(blocks: readonly Block[], cache: CacheState): HoldSubnets {
    if (blocks.length === 0 || (mode === 'auto' && cache.kind === 'unreadable')) return { kind: 'off' }
    return { kind: 'on', blocks, excepts }
  }
}
