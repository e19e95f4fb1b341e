import fc from 'fast-check'
import type { Connection } from '../oracle/connection.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { outsideAddresses, podAddresses } from './interesting-addresses.ts'
import { interestingServices, type Service, servicesOf } from './interesting-services.ts'
import { spread } from './spread.ts'

type Pair = readonly [source: string, destination: string]

/**
 * The connections of a cluster that can tell a right compiler from a wrong one, at most `limit`, always the same ones: a
 * third between pods (each with itself too), a third between pods and outside, over every interesting protocol and port, and a
 * third between pods to the ports that the destination's own containers have, which is where names resolve.
 */
export function interestingConnections(cluster: RawCluster, limit: number): readonly Connection[] {
  const services = interestingServices(cluster)
  const everywhere = (pairs: readonly Pair[]) =>
    choose(pairs.length * services.length, limit / 3, (index) => {
      return connect(pairs[Math.floor(index / services.length)], services[index % services.length])
    })
  const [inside, outside] = [podPairs(cluster), outsidePairs(cluster)]
  const servicesAt = new Map(podAddresses(cluster).map((address) => [address, servicesOf(cluster, address)]))
  const served = inside.flatMap((pair) => (servicesAt.get(pair[1]) ?? []).flatMap((service) => connect(pair, service)))
  const toServed = choose(served.length, limit / 3, (index) => served.slice(index, index + 1))
  return [...everywhere(inside), ...everywhere(outside), ...toServed].slice(0, limit)
}

/** One connection of the cluster: mostly interesting ends and services, sometimes any port. */
export function connections(cluster: RawCluster): fc.Arbitrary<Connection> {
  const pairs = [podPairs(cluster), outsidePairs(cluster), STRANGERS].filter((some) => some.length > 0)
  const pair = fc.oneof(...pairs.map((some) => fc.constantFrom(...some)))
  const anyService: fc.Arbitrary<Service> = fc.record(
    { protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'), port: fc.integer({ min: 1, max: 65535 }) },
    { noNullPrototype: true },
  )
  const service = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...interestingServices(cluster)) },
    { weight: 1, arbitrary: anyService },
  )
  return fc.tuple(pair, service).map(([[source, destination], some]) => ({ source, destination, ...some }))
}

/** For a cluster in which no pod has an address. */
const STRANGERS: readonly Pair[] = [['203.0.113.7', '203.0.113.8']]

function podPairs(cluster: RawCluster): readonly Pair[] {
  const pods = podAddresses(cluster)
  return pairsOfOneFamily(pods, pods)
}

function outsidePairs(cluster: RawCluster): readonly Pair[] {
  const [pods, outside] = [podAddresses(cluster), outsideAddresses(cluster)]
  return [...pairsOfOneFamily(pods, outside), ...pairsOfOneFamily(outside, pods)]
}

function pairsOfOneFamily(sources: readonly string[], destinations: readonly string[]): readonly Pair[] {
  return sources.flatMap((source) =>
    destinations
      .filter((destination) => destination.includes(':') === source.includes(':'))
      .map((destination): Pair => [source, destination]),
  )
}

function connect(pair?: Pair, service?: Service): readonly Connection[] {
  return pair && service ? [{ source: pair[0], destination: pair[1], ...service }] : []
}

function choose(size: number, limit: number, pick: (index: number) => readonly Connection[]): readonly Connection[] {
  return spread(size, Math.ceil(limit)).flatMap(pick)
}
