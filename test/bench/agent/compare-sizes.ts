import { createLab } from '../../../src/lab/create-lab.ts'
import type { Lab } from '../../../src/lab/lab.ts'
import type { ApiObject, BenchCluster } from './bench-cluster.ts'
import { benchObjects, CLIENT, clusterObjects, NODE, policyObjects, SERVER, type Spread } from './bench-objects.ts'
import { type AgentResult, type Effort, measureAgent } from './measure-agent.ts'
import { probesOf, standing } from './probes.ts'
import { startRealCluster } from './real-cluster.ts'
import { startSimulatedCluster } from './simulated-cluster.ts'

const SPREADS: readonly Spread[] = ['over the pods', 'on one pod']
/** As the closest relative was measured: of these, two are the bench's own. */
const LOCAL = 110
const MADE_UP_LOCAL = LOCAL - 2
const IN_FLIGHT = 24

export interface RealSizes {
  readonly pods: number
  /** Ascending. */
  readonly policies: readonly number[]
}

/** One node with its two real pods. */
export function benchLab(): Promise<Lab> {
  const pods = [CLIENT, SERVER].map(({ pod, address }) => ({ name: pod, node: NODE, addresses: [address] }))
  return createLab({ arrangement: 'bridged', nodes: [{ name: NODE }], pods })
}

/** Every number of policies in both spreads, in one cluster of a real API server. `done` is told each result at once. */
export async function measureReal(
  lab: Lab,
  { pods, policies }: RealSizes,
  effort: Effort,
  done: (result: AgentResult) => void,
): Promise<void> {
  const cluster = await startRealCluster(lab, NODE)
  try {
    const objects = [...benchObjects(), ...clusterObjects({ pods, policies: 0, local: MADE_UP_LOCAL })]
    const namespaces = objects.filter(({ kind }) => kind === 'Namespace')
    await createAll(cluster, namespaces)
    await createAll(
      cluster,
      objects.filter(({ kind }) => kind !== 'Namespace'),
    )
    for (const spread of SPREADS) {
      await createAll(cluster, standing(probesOf(spread)))
      let made = 0
      for (const count of policies) {
        await createAll(cluster, policyObjects(spread, pods, made, count))
        made = count
        const of = { api: 'kube-apiserver', size: { pods, policies: count, local: MADE_UP_LOCAL }, spread } as const
        done(await measureAgent(lab, cluster, of, effort))
      }
      await cluster.removeAllPolicies(namespaces.map(({ metadata }) => metadata.name))
    }
  } finally {
    await cluster.close()
  }
}

/** One larger cluster, from a simulated API. */
export async function measureSimulated(
  lab: Lab,
  size: { readonly pods: number; readonly policies: number },
  effort: Effort,
  done: (result: AgentResult) => void,
): Promise<void> {
  const whole = { ...size, local: MADE_UP_LOCAL }
  const cluster = await startSimulatedCluster(lab, NODE, whole)
  try {
    for (const object of benchObjects()) await cluster.create(object)
    done(await measureAgent(lab, cluster, { api: 'simulated', size: whole, spread: 'over the pods' }, effort))
  } finally {
    await cluster.close()
  }
}

async function createAll(cluster: BenchCluster, objects: readonly ApiObject[]): Promise<void> {
  const waiting = objects.values()
  const work = async (): Promise<void> => {
    for (const object of waiting) await cluster.create(object)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
}
