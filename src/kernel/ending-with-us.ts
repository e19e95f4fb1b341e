import { runProgram } from './run-program.ts'

const PREFIX = ['setpriv', '--pdeathsig', 'KILL']

let canEnd: Promise<boolean> | undefined

/**
 * The command as one that the kernel ends when this process dies, however it dies (PR_SET_PDEATHSIG, prctl(2)): a monitor
 * would else notice only at the next commit that nobody reads it. setpriv of util-linux becomes the command (exec), so pid
 * and name stay the command's. Without it (the image has none; BusyBox's cannot) the command is returned as it is: in a
 * container the agent is the first of its pid namespace, and the kernel ends the others with that one.
 */
export async function endingWithUs(command: readonly string[]): Promise<readonly string[]> {
  canEnd ??= runProgram([...PREFIX, 'true'], { timeoutMilliseconds: 5_000 }).then(
    (end) => end.kind === 'exited' && end.exitCode === 0,
  )
  return (await canEnd) ? [...PREFIX, ...command] : command
}
