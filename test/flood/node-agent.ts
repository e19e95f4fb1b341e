import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { Change } from '../../compiler/engine/change.ts'
import { DEFAULT_OPTIONS, type RulesetOptions } from '../../compiler/nftables/options.ts'
import type { Application } from '../../src/agent/application.ts'
import { createReconciler, type Reconciler } from '../../src/agent/reconciler.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { clusterOf } from '../oracle/make-objects.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { changesBetween } from './changes-between.ts'
import { createNodeKernel, type NodeKernel } from './node-kernel.ts'

export interface NodeAgentOptions {
  /** Default node-1. */
  readonly node?: string
  readonly options?: Partial<RulesetOptions>
  /** Default: the pods of that node. */
  readonly isLocal?: (pod: Pod) => boolean
}

/** The agent's engine and reconciler, in this process, for a node of the lab. */
export interface NodeAgent {
  readonly kernel: NodeKernel
  readonly reconciler: Reconciler
  readonly options: RulesetOptions
  /** What was done so far. */
  readonly applications: readonly Application[]
  /** One batch. Throws when the kernel does not follow. */
  apply(changes: readonly Change[]): Promise<void>
  /** Makes the cluster this one, as one batch. */
  become(cluster: RawCluster): Promise<void>
}

/** An agent that has just started, with the cluster as it is. The node's table, if any, is adopted. */
export async function startNodeAgent(
  lab: Lab,
  cluster: RawCluster,
  { node = 'node-1', options: some = {}, isLocal = (pod) => pod.node === node }: NodeAgentOptions = {},
): Promise<NodeAgent> {
  const options = { ...DEFAULT_OPTIONS, ...some }
  const engine = createEngine({ isLocal, ruleset: options })
  const kernel = createNodeKernel(lab, node, options.markMask)
  const applications: Application[] = []
  const reconciler = createReconciler({
    engine,
    kernel,
    ruleset: options,
    verified: () => undefined,
    applied: (application) => applications.push(application),
    now: () => performance.now(),
  })
  let standing = cluster

  async function must(work: (changes: readonly Change[]) => Promise<boolean>, changes: readonly Change[]) {
    if (!(await work(changes))) throw new Error(`the kernel does not follow: ${applications.at(-1)?.what}`)
  }
  await must(reconciler.start, changesBetween(clusterOf(), cluster))

  return {
    kernel,
    reconciler,
    options,
    applications,
    apply: (changes) => must(reconciler.apply, changes),
    async become(next) {
      const changes = changesBetween(standing, next)
      standing = next
      await must(reconciler.apply, changes)
    },
  }
}
