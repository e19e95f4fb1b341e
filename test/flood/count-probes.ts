import type { Lab } from '../../src/lab/lab.ts'
import { countFlows } from './counter-table.ts'
import { FIRST_FORGOTTEN, FIRST_REMEMBERED, type FloodProbe, probeTitle } from './flood-probe.ts'

export interface ProbeCount {
  readonly offered: number
  readonly passed: number
}

export interface ProbeCounters {
  /** In the order of the probes. */
  read(): Promise<readonly ProbeCount[]>
  close(): Promise<void>
}

/**
 * Counts on node-1 right before our chain and right behind it. A packet comes by all three in one go, so what is offered and
 * does not pass was dropped by ours. Behind it, what conntrack was told to remember of forgotten flows is wiped out.
 */
export async function countProbes(lab: Lab, probes: readonly FloodProbe[]): Promise<ProbeCounters> {
  const flows = new Map(probes.map((probe) => [String(probe.clientPort), probeTitle(probe)]))
  if (new Set(flows.values()).size < probes.length) throw new Error('a probe is there twice')
  const keys = { type: 'inet_service', request: 'th sport', reply: 'th dport', flows }
  const forgotten = `${FIRST_FORGOTTEN}-${FIRST_REMEMBERED - 1}`
  const rules = [`th sport ${forgotten} ct mark set 0`, `th dport ${forgotten} ct mark set 0`]
  const table = await countFlows(
    lab,
    'node-1',
    'inet flood-counters',
    [keys],
    [
      { name: 'offered', hook: 'type filter hook forward priority filter + 3;' },
      { name: 'passed', hook: 'type filter hook forward priority filter + 6;', rules },
    ],
  )
  return {
    async read() {
      const counts = await table.read()
      return probes.map((probe) => {
        const count = counts.get(probeTitle(probe))
        const both = (hook: string) => (count === undefined ? 0 : count(hook, 'request') + count(hook, 'reply'))
        return { offered: both('offered'), passed: both('passed') }
      })
    },
    close: table.close,
  }
}
