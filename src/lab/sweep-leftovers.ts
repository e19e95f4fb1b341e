import { readdir } from 'node:fs/promises'
import { creatorOf, isAlive } from './lab-name.ts'
import { deleteNamespaces, NAMESPACE_FOLDER } from './namespaces.ts'
import { runCommand } from './run-command.ts'

/** Removes the namespaces of labs whose process died without doing so (kill -9), with what still runs in them. */
export async function sweepLeftovers(): Promise<readonly string[]> {
  const names = await readdir(NAMESPACE_FOLDER).catch(() => [])
  const leftovers = names.filter((name) => {
    const creator = creatorOf(name)
    return creator !== undefined && !isAlive(creator)
  })
  for (const namespace of leftovers) await endProcessesIn(namespace)
  if (leftovers.length > 0) await deleteNamespaces(leftovers)
  return leftovers
}

/** A process inside keeps a namespace alive after its name is gone. */
async function endProcessesIn(namespace: string): Promise<void> {
  const { stdout } = await runCommand(['ip', 'netns', 'pids', namespace])
  for (const pid of stdout.split('\n').filter(Boolean).map(Number)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself.
    }
  }
}
