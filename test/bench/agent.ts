import { parseArgs } from 'node:util'
import { execaSync } from 'execa'
import { describeUnavailable } from '../../src/lab/describe-unavailable.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { buildAgent } from './agent/build-agent.ts'
import { benchLab, measureReal, measureSimulated } from './agent/compare-sizes.ts'
import type { AgentResult, Effort } from './agent/measure-agent.ts'
import { reportOf } from './agent/report.ts'
import { lookAtMachine } from './packets/machine.ts'

/*
 * `npm run bench:agent`: the agent as a process on a node of the lab. How long a policy takes from the API's answer to the
 * packets, what a pod event costs, how long a start takes, and memory: at a real API server with 10 to 10,000 policies, and
 * at a simulated one with 100,000 pods. About half an hour; `--quick`: one small size of each, two minutes.
 */

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** Numbers of policies at the real API server. */
    policies: { type: 'string' },
    /** One of both only. */
    api: { type: 'string' },
    /** How often a policy comes and goes on an idle agent, and how long each rate lasts (twice). */
    times: { type: 'string' },
    seconds: { type: 'string' },
    /** A folder for CPU profiles of the agents. */
    profile: { type: 'string' },
  },
})

const reason = whyNot()
if (reason === undefined) await run()
else {
  console.error(`bench:agent cannot run here: ${reason}`)
  process.exitCode = 3
}

function whyNot(): string | undefined {
  const noLab = describeUnavailable()
  if (noLab !== undefined) return noLab
  if (values.api === 'simulated') return undefined
  const assets = execaSync(`${PROJECT_ROOT}/scripts/kube-assets`, ['--check'], { reject: false })
  return assets.exitCode === 0 ? undefined : 'no kube-apiserver: run scripts/kube-assets, or say --api simulated'
}

async function run(): Promise<void> {
  const { quick, api, profile } = values
  const policies = values.policies?.split(',').map(Number) ?? (quick ? [100] : [10, 100, 1_000, 10_000])
  const real = { pods: quick ? 1_000 : 5_000, policies }
  const simulated = quick ? { pods: 10_000, policies: 1_000 } : { pods: 100_000, policies: 10_000 }
  await using built = await buildAgent()
  const effort: Effort = {
    main: built.main,
    probes: Number(values.times ?? (quick ? 3 : 30)),
    rateSeconds: Number(values.seconds ?? (quick ? 2 : 20)),
    rates: [5, 50],
    longRun: { events: 0, perSecond: 0 },
    profile,
  }
  // An hour of ten events a second, in less than one minute.
  const long: Effort = { ...effort, longRun: { events: quick ? 2_000 : 36_000, perSecond: 1_000 } }

  const { facts } = await lookAtMachine()
  const began = performance.now()
  const results: AgentResult[] = []
  const done = (result: AgentResult): void => {
    results.push(result)
    const seconds = ((performance.now() - began) / 1_000).toFixed(0)
    console.error(`\nafter ${seconds} s:\n\n${reportOf([result])}`)
  }
  try {
    await using lab = await benchLab()
    if (api !== 'simulated') await measureReal(lab, real, effort, done)
    if (api !== 'real') await measureSimulated(lab, simulated, long, done)
  } finally {
    // Also what there is when the rest failed.
    console.log(`${new Date().toISOString().slice(0, 10)}: ${facts}\n\n${reportOf(results)}`)
    console.log(`\nRepeat with: npm run bench:agent -- ${process.argv.slice(2).join(' ')}`)
  }
}
