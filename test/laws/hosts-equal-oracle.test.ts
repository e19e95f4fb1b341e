import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { outsideAddresses, podAddresses } from '../arbitraries/interesting-addresses.ts'
import { interestingServices } from '../arbitraries/interesting-services.ts'
import { spread } from '../arbitraries/spread.ts'
import { oracle } from '../oracle/oracle.ts'
import { addressesOf, ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawPod } from '../oracle/raw-cluster.ts'
import { staysOnNode } from '../oracle/stays-on-node.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { engineOf } from './compile-cluster.ts'
import { edgesNaming, withWorkloads } from './edge-words.ts'

interface Pair {
  readonly host: RawPod
  readonly pod: RawPod
  readonly hostAddress: string
  readonly podAddress: string
}

/** Every pod on the network of a node with every pod that owns an address, in each family that both have. */
function pairsOf(cluster: RawCluster): readonly Pair[] {
  const isDone = (pod: RawPod) => ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '')
  const hosts = cluster.pods.filter((pod) => pod.spec?.hostNetwork === true && !isDone(pod))
  return hosts.flatMap((host) =>
    addressesOf(host).flatMap((hostAddress) =>
      podAddresses(cluster).flatMap((podAddress) => {
        const pod = ownerOf(podAddress, cluster.pods)
        const isSame = hostAddress.includes(':') === podAddress.includes(':')
        return pod !== undefined && isSame ? [{ host, pod, hostAddress, podAddress }] : []
      }),
    ),
  )
}

/** What the pod's policies say of every address that the other end could have, were it no pod's: the pod stands alone. */
function everywhereAllowed(cluster: RawCluster, { pod, podAddress }: Pair, service: object): boolean {
  const alone = { ...cluster, pods: [pod] }
  const judge = oracle(alone)
  const family = (address: string) => address.includes(':') === podAddress.includes(':')
  const others = [...outsideAddresses(alone), ...podAddresses(cluster)].filter((address) => family(address))
  return others
    .filter((source) => ownerOf(source, alone.pods) === undefined)
    .every((source) => judge({ source, destination: podAddress, ...service } as Parameters<typeof judge>[0]).allowed)
}

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

/** They are rare among random pods: here one at least is one, and is not done. */
function withHost(cluster: RawCluster, chosen: number): RawCluster {
  const at = chosen % cluster.pods.length
  const addresses = [
    ['192.168.10.1', 'fd44:0:0:ff::1'],
    ['192.168.10.2', 'fd44:0:0:ff::2'],
  ]
  const pods = cluster.pods.map((pod, index): RawPod => {
    if (index !== at) return pod
    const podIPs = (addresses[chosen % 2] ?? []).map((ip) => ({ ip }))
    const spec = { ...pod.spec, hostNetwork: true, nodeName: `node-${(chosen % 2) + 1}` }
    return { ...pod, spec, status: { phase: 'Running', podIPs } }
  })
  return { ...cluster, pods }
}
