import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareReach } from '../../compiler/reach/compare-reach.ts'
import type { EdgeEnds } from '../../compiler/reach/reach-graph.ts'
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

/** For counting what the law met: news at all, of protocols without ports, of addresses outside. */
function noneMet(): { news: number; other: number; outside: number } {
  return { news: 0, other: 0, outside: 0 }
}

/** Every connection that is allowed now and was not is said to open, and no other one is. */
function expectSaid(
  before: RawCluster,
  after: RawCluster,
  opens: readonly Edge[],
  met: { news: number; other: number; outside: number },
): void {
  const [was, is] = [oracle(before), oracle(after)]
  for (const connection of [...interestingConnections(before, 60), ...interestingConnections(after, 60)]) {
    if (isUnspoken(after, connection) || !hasSameEnds(before, after, connection)) continue
    const news = is(connection).allowed && !was(connection).allowed
    const said = edgesSay(opens, after, connection).length > 0
    expect({ connection, said }).toEqual({ connection, said: news })
    if (!news) continue
    met.news += 1
    if (connection.port === undefined) met.other += 1
    if ([connection.source, connection.destination].some((end) => nameOf(after, end) === undefined)) met.outside += 1
  }
}

test.each(['pod', 'workload', 'namespace'] as const)('diff by %s says what opens and closes', (by) => {
  const met = { opens: noneMet(), closes: noneMet() }
  fc.assert(
    fc.property(clusters(), policies, fc.boolean(), (raw, others, alike) => {
      const before = withWorkloads(raw, alike)
      const after = { ...before, policies: others }
      const { opens, closes } = compareReach(graphOf(before), graphOf(after), by)
      expectSaid(before, after, opens, met.opens)
      expectSaid(after, before, closes, met.closes)
    }),
    lawParameters(40),
  )
  expect(Object.values(met).filter(({ news, other, outside }) => Math.min(news, other, outside) === 0)).toEqual([])
})

test('diff between clusters of different pods says what opens for pods of both', () => {
  fc.assert(
    fc.property(clusters(), clusters(), fc.boolean(), (one, other, alike) => {
      const [before, after] = [withWorkloads(one, alike), withWorkloads(other, alike)]
      const { opens, closes } = compareReach(graphOf(before), graphOf(after), 'workload')
      expectSaid(before, after, opens, noneMet())
      expectSaid(after, before, closes, noneMet())
    }),
    lawParameters(40),
  )
})

function idsOf({ nodes, possible }: EdgeEnds): readonly (readonly string[])[] {
  return [nodes.map(({ id }) => id), possible.map(({ peer }) => peer.id)]
}

test('what opens from one to the other closes on the way back', () => {
  fc.assert(
    fc.property(clusters(), clusters(), fc.constantFrom<FoldBy[]>('pod', 'workload', 'namespace'), (one, other, by) => {
      const [left, right] = [graphOf(withWorkloads(one, true)), graphOf(withWorkloads(other, true))]
      const [there, back] = [compareReach(left, right, by), compareReach(right, left, by)]
      expect({
        opens: back.closes,
        closes: back.opens,
        added: back.removed,
        removed: back.added,
        leavesPolicy: back.comesUnderPolicy,
        comesUnderPolicy: back.leavesPolicy,
        strangers: back.strangers,
        hosts: back.hosts,
        before: idsOf(back.after),
        after: idsOf(back.before),
      }).toEqual({ ...there, before: idsOf(there.before), after: idsOf(there.after) })
    }),
    lawParameters(40),
  )
})

test('the same cluster, or the same in other words, opens and closes nothing', () => {
  fc.assert(
    fc.property(clusters(), fc.integer(), (cluster, seed) => {
      const graph = graphOf(cluster)
      for (const same of [cluster, respell(cluster, seed)]) {
        const change = compareReach(graph, graphOf(same), 'workload')
        const { hosts: _, strangers: __, before: ___, after: ____, ...news } = change
        expect(Object.entries(news).filter(([, list]) => list.length > 0)).toEqual([])
      }
    }),
    lawParameters(40),
  )
})
