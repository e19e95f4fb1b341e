import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: { readonly type: 'major'; readonly execution: 'sync'; readonly flavor: 'last-resort' }) => void

/**
 * Gives back what reading a whole cluster took and keeping it does not. V8 keeps such pages for a long time: with 100,000
 * pods and 10,000 policies in an engine, 296 MiB resident became 222. Stops the program for as long as one full collection takes.
 */
export function giveBackMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as Collect
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
