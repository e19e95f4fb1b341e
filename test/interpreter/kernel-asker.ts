import { createInterface } from 'node:readline'
import { execa } from 'execa'
import type { Flight } from './kernel-flights.ts'

const START = 'ip link set dev lo up && exec "$0" "$1"'

/** The probe has a port for each of so many rulesets' flights; then conntrack still knows the first ones. */
const RULESETS_A_PROBE = 500

/** Sends packets through rulesets in the kernel, in a network namespace that dies with the probe. */
export interface KernelAsker {
  fly(ruleset: string): Promise<readonly Flight[]>
  stop(): Promise<void>
}

export function createKernelAsker(): KernelAsker {
  let probe = startProbe()
  let asked = 0
  return {
    async fly(ruleset) {
      if (asked === RULESETS_A_PROBE) {
        await probe.stop()
        probe = startProbe()
        asked = 0
      }
      asked += 1
      return probe.ask(ruleset)
    },
    stop: () => probe.stop(),
  }
}

function startProbe() {
  const argv = ['--net', 'sh', '-c', START, process.execPath, `${import.meta.dirname}/kernel-probe.ts`]
  const child = execa('unshare', argv, { stdin: 'pipe', buffer: false, timeout: 600_000 })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async ask(ruleset: string): Promise<readonly Flight[]> {
      child.stdin.write(`${JSON.stringify(ruleset)}\n`)
      const line = await lines.next()
      if (line.done === true) throw new Error('the probe ended')
      return JSON.parse(line.value) as readonly Flight[]
    },
    async stop(): Promise<void> {
      child.stdin.end()
      await child
    },
  }
}
