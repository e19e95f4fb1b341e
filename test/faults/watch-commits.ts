import { execa } from 'execa'
import { onTestFinished } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { waitFor } from './wait-for.ts'

export interface Commits {
  /** Commits to the node's ruleset by anybody but the test, since the last time that this was asked. */
  seen(): Promise<readonly string[]>
}

/** Watches node-1 from now on. */
export async function watchCommits(lab: Lab): Promise<Commits> {
  const [file = '', ...rest] = lab.command('node-1', ['nft', 'monitor'])
  const subprocess = execa(file, rest, { reject: false, cleanup: true, buffer: false, stdin: 'ignore' })
  const lines: string[] = []
  const reading = (async () => {
    for await (const line of subprocess) lines.push(line)
  })()
  onTestFinished(async () => {
    subprocess.nodeChildProcess.kill('SIGTERM')
    await Promise.all([reading, subprocess])
  })
  let marks = 0
  /** A commit of ours: when it has been seen, all before it have. */
  const mark = async (): Promise<string> => {
    marks += 1
    await lab.loadRuleset('node-1', `add table inet mark-${marks}\ndelete table inet mark-${marks}\n`)
    return `table inet mark-${marks}`
  }
  // What came before it listened is not shown: until it is, again.
  await waitFor('nft monitor listens', async () => {
    await mark()
    return lines.length > 0
  })
  return {
    async seen() {
      const last = await mark()
      await waitFor('nft monitor keeps up', () => lines.some((line) => line.includes(last)))
      const found = lines.splice(0).filter((line) => !line.startsWith('#') && !line.includes('table inet mark-'))
      return found
    },
  }
}
