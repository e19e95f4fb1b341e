import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { dirname } from 'node:path'
import type { Block } from '../../../compiler/addresses/block.ts'
import { formatBlock } from '../../../compiler/addresses/format-block.ts'
import { POD_BRIDGE } from '../../../compiler/nftables/pod-bridge.ts'
import type { FilesClock } from '../files/files-clock.ts'
import { isSystemError } from '../files/system-reason.ts'
import { flannelSubnets, usableSubnets } from './flannel-subnets.ts'
import type { WatchFolder } from './watch-folder.ts'

export interface SubnetsOptions {
  /** `/run/flannel/subnet.env`. */
  readonly file: string
  readonly clock: FilesClock
  readonly watch: WatchFolder
  /** They are others now. */
  readonly changed: (blocks: readonly Block[]) => void
  /** The prefixes of the pods' bridge; default: those of cni0 while it is up. */
  readonly bridgePrefixes?: (() => readonly string[]) | undefined
}

const LOOK = 10_000

/**
 * This node's subnets of pods, as Flannel has them; as the bridge has them where Flannel's file is not there. Once known, they stay
 * until others are: flanneld replaces its file by rename, and a file that is away says nothing of the pods that run.
 */
export function followSubnets(options: SubnetsOptions): {
  readonly blocks: readonly Block[]
  readonly stop: () => void
} {
  const { file, clock, watch, changed, bridgePrefixes = prefixesOfBridge } = options
  let blocks: readonly Block[] = []
  let endWatch: (() => void) | undefined
  let cancel = (): void => undefined
  let isStopped = false

  function look(): void {
    cancel()
    if (isStopped) return
    follow()
    const found = flannelSubnets(readText(file))
    const now = found.length > 0 ? found : blocks.length > 0 ? blocks : usableSubnets(bridgePrefixes())
    const differs = now.map(formatBlock).join() !== blocks.map(formatBlock).join()
    blocks = now
    cancel = clock.after(LOOK, look)
    if (differs) changed(now)
  }

  function follow(): void {
    if (endWatch !== undefined) return
    const ended = (): void => {
      endWatch?.()
      endWatch = undefined
    }
    try {
      endWatch = watch(dirname(file), look, ended)
    } catch (error) {
      if (!isSystemError(error)) throw error
    }
  }

  look()
  return {
    get blocks() {
      return blocks
    },
    stop: () => {
      isStopped = true
      cancel()
      endWatch?.()
    },
  }
}

function prefixesOfBridge(): readonly string[] {
  return (networkInterfaces()[POD_BRIDGE] ?? []).flatMap(({ cidr }) =>
    cidr === null || cidr.startsWith('fe80:') ? [] : cidr,
  )
}

/** Empty when it cannot be read: then it says nothing. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (!isSystemError(error)) throw error
    return ''
  }
}
