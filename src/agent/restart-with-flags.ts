import { execve } from 'node:process'

/**
 * Node 24 collects young objects only when they fill 96 MB. The first sync of a large cluster fills that, and Node never gives
 * the memory back (60,000 pods: 336 MiB resident; 200 MiB with this flag, for no more CPU).
 */
const YOUNG_OBJECTS = '--max-semi-space-size'
const MEBIBYTES = 4
/**
 * Node 24 collects old objects only when they have grown to a multiple of what is alive; with this flag, when they have grown by
 * 30 %. After 100,000 pods and 36,000 events 713 MiB are resident without it and 389 MiB with it; the first sync then takes half
 * as much CPU again.
 */
const GROWTH = '--heap-growing-percent=30'
/**
 * Node compiles hot functions in threads beside, and what these took stays theirs. Compiled in the main thread, 5,000 pods and
 * 1,000 policies are 87 MiB resident instead of 95, for the same CPU; without any such compiler they were 79, but large changes
 * took two to three times the CPU.
 */
const NO_COMPILER_THREADS = '--no-concurrent-recompilation'
/**
 * Node tidies up 8 s after it has been busy, and again: at five events a second that is a fifth of all CPU, and saves less than
 * GROWTH allows.
 */
const NO_TIDYING = '--no-memory-reducer'

/**
 * Starts this program anew in the same process (execve keeps the pid), since Node reads these flags only at its start. Returns
 * without doing so where the process has them already, where somebody chose another value, and where Node has no execve.
 */
export function restartWithFlags(): void {
  const chosen = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].some((flag) => flag.includes(YOUNG_OBJECTS))
  if (chosen || typeof execve !== 'function') return
  const argv = [
    process.execPath,
    `${YOUNG_OBJECTS}=${MEBIBYTES}`,
    GROWTH,
    NO_COMPILER_THREADS,
    NO_TIDYING,
    ...process.execArgv,
    ...process.argv.slice(1),
  ]
  execve(process.execPath, argv, process.env)
}
