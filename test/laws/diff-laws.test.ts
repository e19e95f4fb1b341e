import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareReach } from '../../compiler/reach/compare-reach.ts'
import type { FoldBy } from '../../compiler/reach/fold.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { policies } from '../arbitraries/policies.ts'
import { respell } from '../arbitraries/respell.ts'
import type { Connection } from '../oracle/connection.ts'
import { oracle } from '../oracle/oracle.ts'
import { namespaceOf, ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { engineOf } from './compile-cluster.ts'
import { edgesSay, isUnspoken, withWorkloads } from './edge-words.ts'

const graphOf = (cluster: RawCluster) => engineOf(cluster).graph()

/** Both ends are the same pods, or nobody, on both sides. */
function hasSameEnds(left: RawCluster, right: RawCluster, { source, destination }: Connection): boolean {
  return [source, destination].every((end) => nameOf(left, end) === nameOf(right, end))
}

function nameOf(cluster: RawCluster, address: string): string | undefined {
  const owner = ownerOf(address, cluster.pods)
  return owner && `${namespaceOf(owner)}/${owner.metadata.name}`
}

function expectSaid(
  before: RawCluster,
  after: RawCluster,
  opens: readonly Edge[],
  exact: boolean,
): { readonly opened: number } {
  const [was, is] = [oracle(before), oracle(after)]
  let opened = 0
  for (const connection of [...interestingConnections(before, 60), ...interestingConnections(after, 60)]) {
    if (isUnspoken(after, connection) || !hasSameEnds(before, after, connection)) continue
    const news = is(connection).allowed && !was(connection).allowed
    if (news) opened += 1
    const said = edgesSay(opens, after, connection)
    // `*` says that now everything passes, and did not before: some port may have been open already.
    const rest = said.filter(({ protocol }) => protocol !== '*' || !was(connection).allowed)
    if (news || exact) expect({ connection, said: rest.length > 0 }).toEqual({ connection, said: news })
  }
  return { opened }
}

test.each(['pod', 'workload', 'namespace'] as const)('diff by %s says what opens and closes', (by) => {
  const met = { opens: 0, closes: 0 }
  fc.assert(
    fc.property(clusters(), policies, fc.boolean(), (raw, others, alike) => {
      const before = withWorkloads(raw, alike)
      const after = { ...before, policies: others }
      const { opens, closes } = compareReach(graphOf(before), graphOf(after), by)
      met.opens += expectSaid(before, after, opens, true).opened
      met.closes += expectSaid(after, before, closes, true).opened
    }),
    lawParameters(40),
  )
  expect(met.opens).toBeGreaterThan(0)
  expect(met.closes).toBeGreaterThan(0)
})

test('diff between clusters of different pods says what opens for pods of both', () => {
  fc.assert(
    fc.property(clusters(), clusters(), fc.boolean(), (one, other, alike) => {
      const [before, after] = [withWorkloads(one, alike), withWorkloads(other, alike)]
      const { opens, closes } = compareReach(graphOf(before), graphOf(after), 'workload')
      expectSaid(before, after, opens, false)
      expectSaid(after, before, closes, false)
    }),
    lawParameters(40),
  )
})

test('what opens from one to the other closes on the way back', () => {
  fc.assert(
    fc.property(clusters(), clusters(), fc.constantFrom<FoldBy[]>('pod', 'workload', 'namespace'), (one, other, by) => {
      const [left, right] = [graphOf(withWorkloads(one, true)), graphOf(withWorkloads(other, true))]
      const [there, back] = [compareReach(left, right, by), compareReach(right, left, by)]
      expect({ opens: back.closes, closes: back.opens, added: back.removed, removed: back.added }).toEqual(there)
    }),
    lawParameters(40),
  )
})

test('the same cluster, or the same in other words, opens and closes nothing', () => {
  fc.assert(
    fc.property(clusters(), fc.integer(), (cluster, seed) => {
      const graph = graphOf(cluster)
      const nothing = { opens: [], closes: [], added: [], removed: [] }
      expect(compareReach(graph, graphOf(cluster), 'workload')).toEqual(nothing)
      expect(compareReach(graph, graphOf(respell(cluster, seed)), 'workload')).toEqual(nothing)
    }),
    lawParameters(40),
  )
})
