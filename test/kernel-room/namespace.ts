import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import { cleanUpOnExit } from '../../src/lab/clean-up-on-exit.ts'
import { newLabName } from '../../src/lab/lab-name.ts'
import { addNamespaces, deleteNamespaces, deleteNamespacesSync } from '../../src/lab/namespaces.ts'
import { mustRun } from '../../src/lab/run-command.ts'
import { sweepLeftovers } from '../../src/lab/sweep-leftovers.ts'

/** A network namespace of the group's own, with nothing in it but lo. */
export interface TestNamespace {
  readonly name: string
  /** The command that runs `argv` inside, with a /sys of the namespace's. */
  enter(...argv: readonly string[]): readonly string[]
  /** Runs a shell script inside that has to succeed. */
  sh(script: string): Promise<string>
  /** Runs a module's text in a Node inside; it may import from ROOM. What it prints is JSON. */
  node<Value>(program: string): Promise<Value>
  nft(text: string): Promise<string>
}

/** The folder under test, for programs that run inside. */
export const ROOM = new URL('../../src/kernel/', import.meta.url).href

/** To be called inside a describe. Leftovers of a test that was killed are swept by the lab's own names. */
export function useNamespace(): TestNamespace {
  const name = `${newLabName()}-room`
  let keep = () => {}
  beforeAll(async () => {
    await sweepLeftovers()
    keep = cleanUpOnExit(() => deleteNamespacesSync([name]))
    await addNamespaces([name])
    await mustRun(['ip', '-n', name, 'link', 'set', 'lo', 'up'])
  })
  afterAll(async () => {
    await deleteNamespaces([name])
    keep()
  })
  const enter = (...argv: readonly string[]) => ['ip', 'netns', 'exec', name, ...argv]
  return {
    name,
    enter,
    sh: (script) => mustRun(enter('sh', '-ec', script)),
    async node<Value>(program: string) {
      const text = `process.chdir(${JSON.stringify(fileURLToPath(ROOM))})\n${program}`
      return JSON.parse(await mustRun(enter(process.execPath, '--input-type=module', '--eval', text))) as Value
    },
    nft: (text) => mustRun(enter('nft', '-f', '-'), { input: text }),
  }
}
