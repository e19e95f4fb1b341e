import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: { readonly type: 'major'; readonly execution: 'sync'; readonly flavor: 'last-resort' }) => void

/**
 * Reading a whole cluster needs memory that keeping it does not, and V8 would hold on to it for a long time. This gives it
 * back to the system (100,000 pods and 10,000 policies: 296 MiB resident became 222); the program stands still for one full
 * collection.
 */
export function giveBackMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as Collect
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
