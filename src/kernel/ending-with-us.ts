import { runProgram } from './run-program.ts'

const PREFIX = ['setpriv', '--pdeathsig', 'KILL']

let canEnd: Promise<boolean> | undefined

/**
 * The command, wrapped so that the kernel ends it when this process dies, however it dies (PR_SET_PDEATHSIG, prctl(2)).
 * Otherwise the monitor of a killed agent would live until the next commit, and only then find that nobody reads it.
 * setpriv of util-linux becomes the command (exec), so pid and name stay the command's. Where there is no such setpriv (the
 * image has none; BusyBox's cannot do it) the command is returned as it is: in a container the agent is the first of its
 * pid namespace, and the kernel ends the others with that one.
 */
export async function endingWithUs(command: readonly string[]): Promise<readonly string[]> {
  canEnd ??= runProgram([...PREFIX, 'true'], { timeoutMilliseconds: 5_000 }).then(
    (end) => end.kind === 'exited' && end.exitCode === 0,
  )
  return (await canEnd) ? [...PREFIX, ...command] : command
}
