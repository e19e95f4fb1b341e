import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { FAMILIES } from '../../../compiler/addresses/address.ts'
import { enterNamespace } from '../../../src/lab/namespaces.ts'
import type { BenchCase, BenchRuleset } from './bench-case.ts'
import { flowFamily } from './flow.ts'
import { type LoadTime, loadRulesets } from './load-rulesets.ts'
import { lookAtMachine, type Machine } from './machine.ts'
import { measure, type Measurement, type MeasureSettings } from './measure.ts'
import type { SenderCost } from './report.ts'
import { mustDiffer } from './must-differ.ts'
import { openRouter, type RouterHandle } from './router-handle.ts'
import { buildRouters, type Routers } from './routers.ts'
import { senderCost } from './sender-cost.ts'

export interface RunPlan extends Pick<MeasureSettings, 'alike' | 'fewestRounds' | 'isDenied'> {
  readonly baseline: BenchRuleset
  readonly cases: readonly BenchCase[]
  /** How long to measure once everything stands. */
  readonly seconds: number
}

export interface RunResult {
  readonly machine: Machine
  readonly loads: readonly LoadTime[]
  readonly measurements: readonly Measurement[]
  readonly sender: SenderCost
}

/** Builds a router for each ruleset, measures, and takes all of it down again. Throws where two that are no noise are one text. */
export async function benchRun({ baseline, cases, seconds, ...settings }: RunPlan): Promise<RunResult> {
  const rulesets = [...new Set([baseline, ...cases.map(({ ruleset }) => ruleset)])]
  mustDiffer(rulesets)
  const machine = await lookAtMachine()
  const routers = await buildRouters(rulesets.length + 1)
  // Holds the sink open to our eyes; it ends with its stdin, hence with this process.
  const [file = '', ...rest] = enterNamespace(routers.sink, ['cat'])
  const sinkProcess = spawn(file, rest, { stdio: ['pipe', 'ignore', 'ignore'] })
  const sinkEnded = once(sinkProcess, 'close')
  const handles: RouterHandle[] = []
  try {
    const loads = await loadRulesets(new Map(rulesets.map((ruleset, index) => [ruleset, routers.routers[index]!])))
    await openRouters(routers, sinkProcess.pid ?? 0, machine.cpu, handles)
    const handleOf = new Map(rulesets.map((ruleset, index) => [ruleset, handles[index]!]))
    const inTurn = rulesets.flatMap((ruleset) =>
      FAMILIES.flatMap((family) => cases.filter((one) => one.ruleset === ruleset && flowFamily(one.flow) === family)),
    )
    // Established flows have tables that nobody empties, so they are measured apart.
    const phases = (['established', 'new'] as const).map((state) => inTurn.filter((one) => one.state === state))
    const measurements: Measurement[] = []
    for (const phase of phases) {
      const until = performance.now() + (seconds * 1_000 * phase.length) / cases.length
      if (phase.length > 0) measurements.push(...(await measure(phase, { ...settings, handleOf, baseline, until })))
    }
    measurements.sort((left, right) => cases.indexOf(left.of) - cases.indexOf(right.of))
    const door = handles.at(-1)!
    const sender = {
      IPv4: await senderCost(door, cases.find(({ flow }) => flowFamily(flow) === 'IPv4')!.flow),
      IPv6: await senderCost(door, cases.find(({ flow }) => flowFamily(flow) === 'IPv6')!.flow),
    }
    return { machine, loads, measurements, sender }
  } finally {
    sinkProcess.stdin.end()
    await Promise.allSettled([sinkEnded, ...handles.map(({ sender }) => sender.close())])
    await routers.close()
  }
}

async function openRouters(routers: Routers, sinkProcess: number, cpu: number, handles: RouterHandle[]): Promise<void> {
  const settings = { senderNamespace: routers.sender, sinkNamespace: routers.sink, sinkProcess, cpu }
  for (const router of routers.routers) handles.push(await openRouter(router, settings))
}
