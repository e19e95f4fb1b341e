import { stringify } from 'yaml'
import type { Cluster } from '../cluster/create-cluster.ts'
import { POLICY_TEST } from '../objects/policy-test-kind.ts'
import { foldPods } from '../reach/fold.ts'
import { clientsOf } from './baseline-clients.ts'
import { reachOf } from './baseline-reach.ts'
import { writtenNode, type WrittenTest } from './baseline-words.ts'
import { readPolicyTests } from './read-policy-tests.ts'
import { runAssertions } from './run-assertions.ts'
import { createWorld } from './world.ts'

/**
 * What may reach what today, as tests: for each workload who its clients are, port by port, and for each one that is isolated for
 * egress what it reaches. By labels and names, sorted; without addresses of pods, and without hashes.
 */
export function generateBaseline(cluster: Cluster): Baseline {
  const all = baselineOf(cluster)
  if (all.length === 0) return { tests: [], leftOut: 0 }
  const text = stringify({ ...POLICY_TEST, tests: all }, { aliasDuplicateObjects: false })
  const { tests, diagnostics } = readPolicyTests([{ file: 'baseline', text }])
  if (diagnostics.length > 0) throw new Error(`a baseline that cannot be read: ${diagnostics[0]?.problem}`)
  const assertions = tests.flatMap((one) => one.assertions)
  const holds = runAssertions(cluster, assertions, 'default').map(({ status }) => status === 'passed')
  const kept = all.filter((_, index) => holds[index] === true)
  return { tests: kept, leftOut: all.length - kept.length }
}

/** `leftOut`: lines that would not hold even today, since the input does not say enough, or families differ. */
export interface Baseline {
  readonly tests: readonly WrittenTest[]
  readonly leftOut: number
}

function baselineOf(cluster: Cluster): readonly WrittenTest[] {
  const world = createWorld(cluster, 'default', false)
  const pods = world.reach.behaviours.flatMap(({ members }) => members)
  const nodes = foldPods(pods, 'workload', world.reach.behaviourOf)
  const names = new Map(nodes.map((node) => [node, writtenNode(world, node)]))
  return nodes.flatMap((node) => [...clientsOf(world, node, names), ...reachOf(world, node, names)])
}
