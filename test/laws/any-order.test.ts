import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { type Event, events } from '../arbitraries/events.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { changesOf } from './changes-of.ts'
import { engineOf, textOf } from './compile-cluster.ts'

/** A cluster, a history that ends in it, and how the history is cut into batches. */
const histories = clusters().chain((cluster) =>
  fc.tuple(fc.constant(cluster), events(cluster), fc.infiniteStream(fc.integer({ min: 1, max: 6 }))),
)

const onNodeOne = (pod: { readonly node: string | undefined }) => pod.node === 'node-1'

test('any order of events, with duplicates, deletes and returns, ends in the bytes of a fresh engine', () => {
  fc.assert(
    fc.property(histories, ([cluster, history, sizes]) => {
      for (const isLocal of [() => true, onNodeOne]) {
        const engine = createEngine({ isLocal, ruleset: DEFAULT_OPTIONS })
        const left = [...changesOf(history)]
        while (left.length > 0) engine.apply(left.splice(0, sizes.next().value ?? 1))
        expect(textOf(engine)).toBe(textOf(engineOf(cluster, isLocal)))
      }
    }),
    lawParameters<[[RawCluster, readonly Event[], fc.Stream<number>]]>(150),
  )
})

test('the graph that a history ends in is the graph of a fresh engine', () => {
  fc.assert(
    fc.property(histories, ([cluster, history]) => {
      const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
      for (const change of changesOf(history)) engine.apply([change])
      const plain = ({ pods }: ReturnType<typeof engine.graph>) =>
        [...pods].map(([key, { addresses, ingress, egress }]) => [key, addresses, ingress, egress])
      expect(plain(engine.graph())).toEqual(plain(engineOf(cluster).graph()))
    }),
    lawParameters<[[RawCluster, readonly Event[], fc.Stream<number>]]>(100),
  )
})
