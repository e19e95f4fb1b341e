import { constants } from 'node:os'
import { execa } from 'execa'
import { DemoError } from './demo-error.ts'
import { findStanding } from './find-standing.ts'
import { inOwnNamespaces } from './own-namespaces.ts'
import { thisProgram } from './shipped-files.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** Debian keeps nft and ip where an ordinary user's PATH does not look. */
const MORE_FOLDERS = '/usr/local/sbin:/usr/sbin:/sbin'

/**
 * Runs this program again, with the given words, in namespaces of its own, on the same terminal; resolves to its exit code.
 * A signal ends everything inside at once and then this process, as it would have anyway. Throws DemoError where the
 * machine allows no namespaces.
 */
export async function runDemo(words: readonly string[]): Promise<number> {
  const [file = '', ...rest] = inOwnNamespaces(thisProgram(words), await findStanding())
  const inside = execa(file, rest, {
    // Its end tells the process inside that this one is gone, of whatever.
    stdin: 'pipe',
    stdout: 'inherit',
    stderr: 'inherit',
    reject: false,
    // A session of its own: the terminal's signals come here, once.
    detached: true,
    env: { PATH: `${process.env['PATH'] ?? ''}:${MORE_FOLDERS}` },
  })
  let ended: NodeJS.Signals | undefined
  const end = (signal: NodeJS.Signals): void => {
    ended ??= signal
    inside.nodeChildProcess.kill('SIGKILL')
    // The terminal may show what it was busy with.
    if (process.stderr.isTTY) process.stderr.write('\n')
  }
  for (const signal of SIGNALS) process.on(signal, end)
  const { exitCode, signal } = await inside
  for (const each of SIGNALS) process.off(each, end)

  if (ended !== undefined) {
    process.kill(process.pid, ended)
    // Where the signal does not end us (the first process of a container), the shell's way of writing it down.
    return 128 + constants.signals[ended]
  }
  if (exitCode === undefined)
    throw new DemoError(`it was ended from outside${signal === undefined ? '' : ` by ${signal}`}`)
  return exitCode
}
