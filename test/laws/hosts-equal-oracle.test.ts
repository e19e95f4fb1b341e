import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingServices } from '../arbitraries/interesting-services.ts'
import { spread } from '../arbitraries/spread.ts'
import { oracle } from '../oracle/oracle.ts'
import { staysOnNode } from '../oracle/stays-on-node.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { engineOf } from './compile-cluster.ts'
import { edgesNaming, withWorkloads } from './edge-words.ts'
import { everywhereAllowed, pairsOf, withHost } from './host-pairs.ts'

test.each(['pod', 'workload', 'namespace'] as const)('edges of host-network pods, by %s', (by) => {
  const met = { there: 0, back: 0, refused: 0, onNode: 0 }
  fc.assert(
    fc.property(clusters(), fc.nat({ max: 9 }), fc.boolean(), (raw, chosen, alike) => {
      const cluster = withWorkloads(withHost(raw, chosen), alike)
      const judge = oracle(cluster)
      const { edges } = reachGraph(engineOf(cluster).graph(), by)
      const services = interestingServices(cluster)
      for (const pair of pairsOf(cluster)) {
        for (const service of spread(services.length, 12).flatMap((index) => services[index] ?? [])) {
          const there = { source: pair.hostAddress, destination: pair.podAddress, ...service }
          const back = { source: pair.podAddress, destination: pair.hostAddress, ...service }
          const said = {
            there: edgesNaming(edges, there, pair.host, pair.pod).length > 0,
            back: edgesNaming(edges, back, pair.pod, pair.host).length > 0,
          }
          if (staysOnNode(cluster, there)) {
            // By workload there may be pods on other nodes.
            if (by === 'pod') expect({ pair, service, ...said }).toEqual({ pair, service, there: true, back: true })
            met.onNode += 1
            continue
          }
          const right = { there: everywhereAllowed(cluster, pair, service), back: judge(back).allowed }
          expect({ pair, service, ...said }).toEqual({ pair, service, ...right })
          met.there += Number(right.there)
          met.back += Number(right.back)
          met.refused += Number(!right.there) + Number(!right.back)
        }
      }
    }),
    lawParameters(40),
  )
  expect(Object.entries(met).filter(([, count]) => count === 0)).toEqual([])
})
