import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Change } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { createDecodeMemory } from '../../src/sources/kubernetes/decode-memory.ts'
import { createObjectStore } from '../../src/sources/kubernetes/object-store.ts'
import { createProblemBook } from '../../src/sources/kubernetes/problem-book.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { clustersWithRefusedPolicy } from '../arbitraries/refused-policies.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { textOf } from './compile-cluster.ts'

const KINDS = [
  ['Namespace', 'namespaces'],
  ['Pod', 'pods'],
  ['NetworkPolicy', 'policies'],
] as const

test('an agent that saw policies become unreadable, or readable again, enforces what one does that starts now', () => {
  const histories = fc.tuple(
    fc.array(fc.oneof(clusters(), clustersWithRefusedPolicy()), { maxLength: 2 }),
    clustersWithRefusedPolicy(),
  )
  fc.assert(
    fc.property(histories, ([earlier, last]) => {
      const old = agent()
      for (const cluster of [...earlier, last]) old.hear(cluster)
      const fresh = agent()
      fresh.hear(last)
      expect(textOf(old.engine)).toBe(textOf(fresh.engine))
      expect(old.closed()).toEqual(fresh.closed())
      expect(old.problems()).toEqual(fresh.problems())
    }),
    lawParameters<[[readonly RawCluster[], RawCluster]]>(100),
  )
})

/** From what the API server says to what is enforced: everything of a cluster, said anew each time. */
function agent() {
  const memory = createDecodeMemory()
  const problems = new Map<string, readonly { readonly code: string }[]>()
  const engine: Engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  const stores = KINDS.map(([kind, list]) => ({
    list,
    store: createObjectStore(
      kind,
      memory,
      createProblemBook((of, told) => problems.set(of, told)),
    ),
  }))
  return {
    engine,
    hear(cluster: RawCluster): void {
      const changes = stores.flatMap(({ list, store }): readonly Change[] => {
        const stage = store.stage()
        for (const object of cluster[list]) stage.put(object)
        return stage.commit()
      })
      engine.apply(changes)
    },
    closed: () =>
      engine
        .problems()
        .map((problem) => JSON.stringify(problem))
        .sort(),
    problems: () =>
      [...problems]
        .filter(([, told]) => told.length > 0)
        .map(([of, told]) => `${of}: ${told.map(({ code }) => code).join()}`)
        .sort(),
  }
}
