import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { CachedSandbox } from '../../../compiler/objects/decode-sandbox.ts'

export interface LivenessFolders {
  /** Where network namespaces have their names: `/run/netns`. */
  readonly netns: string
  /** Where host-local notes who has which address: `/var/lib/cni/networks`, a folder a network. */
  readonly networks: string
  /** `/proc`. */
  readonly proc: string
}

/**
 * Does the sandbox of a file live? The cache lies on disk and outlives a reboot, and a clock may not (a Raspberry Pi has none), so
 * the file's age decides only where nothing else can be seen. First its network namespace: a name in a folder that is empty after
 * a boot. A libcni that does not note it, or a name elsewhere, says nothing: then whether host-local (containernetworking/plugins,
 * plugins/ipam/host-local/backend/disk: the container's id, then the interface) still has the address as this container's.
 */
export function createLiveness(folders: LivenessFolders): (sandbox: CachedSandbox, writtenAt: number) => boolean {
  const witnesses = [byNamespace, byAllocation]
  return (sandbox, writtenAt) => {
    for (const ask of witnesses) {
      const answer = ask(sandbox, folders)
      if (answer !== undefined) return answer
    }
    return writtenAt >= bootTime(folders.proc)
  }
}

/** Undefined: it cannot be seen from here. */
function byNamespace({ netns }: CachedSandbox, folders: LivenessFolders): boolean | undefined {
  // `/var/run` leads to `/run` on every node, and need not in a container.
  const path = netns?.replace(/^\/var\/run\//, '/run/')
  if (path === undefined || dirname(path) !== '/run/netns' || !existsSync(folders.netns)) return undefined
  return existsSync(join(folders.netns, basename(path)))
}

/** Undefined: no network here notes any of its addresses. */
function byAllocation({ id, addresses }: CachedSandbox, { networks }: LivenessFolders): boolean | undefined {
  const owners = listFolder(networks).flatMap((network) =>
    addresses.flatMap((address) => readText(join(networks, network, address)) ?? []),
  )
  if (owners.length === 0) return undefined
  return owners.some((text) => text.split(/\r?\n/, 1)[0]?.trim() === id)
}

/** `btime` of /proc/stat, in milliseconds since 1970; 0 where it cannot be read. */
function bootTime(proc: string): number {
  const [, seconds = '0'] = /^btime (\d+)$/m.exec(readText(join(proc, 'stat')) ?? '') ?? []
  return Number(seconds) * 1000
}

function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
