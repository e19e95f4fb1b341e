import { execa } from 'execa'
import { inUserNamespace, needsUserNamespace } from '../src/lab/user-namespace.ts'

/*
 * Runs a command where it can make network namespaces: as it is for root, else as root of a user namespace of its own.
 * Where the kernel allows none the command runs all the same, and the tests that need a lab say that they are skipped.
 *
 *     node scripts/with-lab.ts vitest run
 */
const argv = process.argv.slice(2)
const allowed = needsUserNamespace() && (await succeeds(inUserNamespace(['true'])))
const [file = '', ...rest] = allowed ? inUserNamespace(argv) : argv
const { exitCode } = await execa(file, rest, { stdio: 'inherit', reject: false, preferLocal: true })
process.exitCode = exitCode ?? 1

async function succeeds([command = '', ...words]: readonly string[]): Promise<boolean> {
  return !(await execa(command, words, { reject: false, stdio: 'ignore' })).failed
}
