import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../../src/lab/lab.ts'
import type { ApiObject, BenchCluster } from './bench-cluster.ts'
import { ADMIT_CLIENT, CLIENT, CLOSE_SERVER, PORTS, SERVER, SILENCE_SERVER, type Spread } from './bench-objects.ts'
import { type FloodEnd, now, startFlood } from './flood.ts'

/** A policy that turns one flow off and on. */
export interface Probe {
  readonly name: string
  readonly policy: ApiObject
  /** What denies: that the policy comes, or that it goes (then it stands in between). */
  readonly denies: 'created' | 'deleted'
  readonly from: FloodEnd
  readonly to: FloodEnd
  readonly port: number
}

/** Milliseconds from the API's answer to the first packet that shows it; below zero when the kernel was earlier. */
export interface ProbeResult {
  readonly probe: Probe
  readonly denied: readonly number[]
  readonly open: readonly number[]
  /** The sender's steps at these moments: nothing finer is known. */
  readonly steps: readonly number[]
}

/** What can be shown under these policies: further ones on one pod can only open what the others closed. */
export function probesOf(spread: Spread): readonly Probe[] {
  const toServer = { from: CLIENT, to: SERVER, port: PORTS.toServer }
  const fromServer = { from: SERVER, to: CLIENT, port: PORTS.fromServer }
  switch (spread) {
    case 'over the pods':
      return [{ name: 'isolates a pod', policy: CLOSE_SERVER, denies: 'created', ...toServer }]
    case 'on one pod':
      return [
        { name: "isolates that pod's egress", policy: SILENCE_SERVER, denies: 'created', ...fromServer },
        { name: 'one grant of them', policy: ADMIT_CLIENT, denies: 'deleted', ...toServer },
      ]
  }
}

/** What has to stand before the agent starts, for these to work. */
export function standing(probes: readonly Probe[]): readonly ApiObject[] {
  return probes.flatMap(({ denies, policy }) => (denies === 'deleted' ? [policy] : []))
}

/** Off and on again, until `enough` times; each time after a pause that lets the agent be idle. */
export async function runProbe(
  lab: Lab,
  cluster: BenchCluster,
  probe: Probe,
  enough: (times: number) => boolean,
): Promise<ProbeResult> {
  const { policy, denies, from, to, port } = probe
  const flood = await startFlood(lab, from, to, port)
  const create = () => cluster.create(policy)
  const remove = () => cluster.remove(policy)
  const [deny, open] = denies === 'created' ? [create, remove] : [remove, create]
  const [denied, opened, steps] = [[] as number[], [] as number[], [] as number[]]
  try {
    while (!enough(denied.length)) {
      await pause()
      await deny()
      const denyAnswered = now()
      await flood.denied()
      await pause()
      await open()
      const openAnswered = now()
      const hole = await flood.open()
      denied.push(hole.denied.at - denyAnswered)
      opened.push(hole.open.at - openAnswered)
      steps.push(hole.denied.step, hole.open.step)
    }
  } finally {
    await flood.close()
  }
  return { probe, denied, open: opened, steps }
}

/** Longer than the agent's shortest gap between batches, and never in step with it. */
function pause(): Promise<void> {
  return sleep(250 + Math.random() * 200)
}
