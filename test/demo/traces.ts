import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { creatorOf } from '../../src/lab/lab-name.ts'
import { NAMESPACE_FOLDER } from '../../src/lab/namespaces.ts'

/** Command lines of the living processes that carry this variable in their environment. */
export function processesWith(name: string, value: string): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    const carries = read(`/proc/${pid}/environ`).split('\0').includes(`${name}=${value}`)
    return carries ? [`${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()}`] : []
  })
}

/** Namespaces of labs that were built in another pid namespace than ours, as the demo's are. */
export function foreignLabs(): readonly string[] {
  const own = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0]
  return readdirSync(NAMESPACE_FOLDER).filter((name) => {
    const creator = creatorOf(name)
    return creator !== undefined && creator.pidNamespace !== own
  })
}

/** Empty for a process that is gone, or nobody's business. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
