import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { cleanUpOnExit } from '../../../src/lab/clean-up-on-exit.ts'
import type { AgentHandle } from './agent-handle.ts'
import { cpuSeconds } from './agent-proc.ts'
import { now } from './flood.ts'

/** What an agent costs to which nothing happens. */
export interface IdleCost {
  /** Milliseconds of CPU a second: the agent's own, and that of nft. */
  readonly own: number
  readonly children: number
  /** Milliseconds of CPU of a Node that does nothing, each time it is woken: in a virtual machine more than most of what it is woken for. */
  readonly bareWake: number
}

const SECONDS = 20
/** As often as the slow rate of events. */
const WAKES_PER_SECOND = 5

/** Counts both over the same seconds. */
export async function idleCost(agent: AgentHandle): Promise<IdleCost> {
  const bare = spawn(process.execPath, ['-e', `setInterval(() => {}, ${1_000 / WAKES_PER_SECOND})`], {
    stdio: 'ignore',
  })
  const ended = once(bare, 'exit')
  // It would outlive a bench that is ended by a signal.
  const cancelCleanUp = cleanUpOnExit(() => void bare.kill())
  const bareSeconds = (): number => cpuSeconds(bare.pid ?? 0).own
  try {
    await sleep(2_000)
    await agent.quiet(1_500)
    const [before, bareBefore, began] = [agent.cpu(), bareSeconds(), now()]
    await sleep(SECONDS * 1_000)
    const [after, bareAfter, seconds] = [agent.cpu(), bareSeconds(), (now() - began) / 1_000]
    return {
      own: (1_000 * (after.own - before.own)) / seconds,
      children: (1_000 * (after.children - before.children)) / seconds,
      bareWake: (1_000 * (bareAfter - bareBefore)) / (seconds * WAKES_PER_SECOND),
    }
  } finally {
    bare.kill()
    await ended
    cancelCleanUp()
  }
}
