import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** ${XDG_CACHE_HOME:-~/.cache}/selvedge/vm */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'selvedge', 'vm')
}

/** The folder of that name in the cache, filled once; a half one is never found. */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const target = join(cacheFolder(), name)
  if (existsSync(target)) return target
  mkdirSync(cacheFolder(), { recursive: true })
  const half = mkdtempSync(`${target}.`)
  try {
    await fill(half)
    // Somebody else may have been faster: theirs is as good.
    if (!existsSync(target)) renameSync(half, target)
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
  return target
}
