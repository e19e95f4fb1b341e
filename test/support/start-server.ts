import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

export interface RunningServer {
  hasEnded(): boolean
  /** undefined: it has not said yet. */
  pid(): number | undefined
  signal(name: NodeJS.Signals): void
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
}

/**
 * Runs the program given as arguments and ends it when its own standard input ends, which it does when the test's
 * process is gone, however that went. It prints the program's pid.
 */
const KEEPER = `
exec 3<&0
"$@" <&- 3<&- >&2 & pid=$!
echo $pid
(read -r _ <&3; kill -9 $pid) 2>/dev/null & reader=$!
wait $pid
kill $reader 2>/dev/null`

/** Starts a program that stays; what it prints goes to `log`. */
export function startServer(program: string, args: readonly string[], log: string): RunningServer {
  const output = openSync(log, 'a')
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', program, ...args], { stdio: ['pipe', 'pipe', output] })
  closeSync(output)
  const ended = new Promise<void>((resolve) => void keeper.once('exit', () => resolve()))
  let pid: number | undefined
  keeper.stdout?.setEncoding('utf8')
  keeper.stdout?.on('data', (text: string) => {
    pid ??= Number.parseInt(text, 10)
  })
  return {
    pid: () => pid,
    hasEnded: () => keeper.exitCode !== null,
    signal(name) {
      if (pid !== undefined && keeper.exitCode === null) process.kill(pid, name)
    },
    async kill() {
      // A stopped process dies of SIGKILL all the same.
      keeper.stdin?.end()
      await ended
    },
  }
}
