import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../../src/lab/lab.ts'

/** What was done to our table in the network namespace of a node, as `nft monitor` tells it. */
export interface TableChanges extends AsyncDisposable {
  seen(): readonly string[]
}

const BARE = 'add table ip selvedge-listening\ndelete table ip selvedge-listening\n'

/** Sees everything from the moment it resolves. Throws when nft tells nothing. */
export async function watchTable(lab: Lab, node: string): Promise<TableChanges> {
  const [file = '', ...rest] = lab.command(node, ['nft', 'monitor'])
  const monitor = spawn(file, rest, { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(monitor, 'exit')
  const changes: string[] = []
  let listening = false
  createInterface({ input: monitor.stdout }).on('line', (line) => {
    listening = true
    if (line.includes(' inet selvedge')) changes.push(line)
  })
  // It does not say when it listens: once it tells of a change that is none.
  for (let attempt = 0; !listening; attempt += 1) {
    if (attempt === 200) throw new Error('nft monitor tells nothing')
    await lab.nft(node, ['-f', '-'], BARE)
    await sleep(20)
  }
  return {
    seen: () => changes,
    async [Symbol.asyncDispose]() {
      monitor.kill()
      await ended
    },
  }
}
