import { outsideAddresses, podAddresses } from '../arbitraries/interesting-addresses.ts'
import { oracle } from '../oracle/oracle.ts'
import { addressesOf, ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawPod } from '../oracle/raw-cluster.ts'

/** A pod on the network of its node, another pod, and an address of each in one family. */
export interface Pair {
  readonly host: RawPod
  readonly pod: RawPod
  readonly hostAddress: string
  readonly podAddress: string
}

/** Every pod on the network of a node with every pod that owns an address, in each family that both have. */
export function pairsOf(cluster: RawCluster): readonly Pair[] {
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
export function everywhereAllowed(cluster: RawCluster, { pod, podAddress }: Pair, service: object): boolean {
  const alone = { ...cluster, pods: [pod] }
  const judge = oracle(alone)
  const family = (address: string) => address.includes(':') === podAddress.includes(':')
  const others = [...outsideAddresses(alone), ...podAddresses(cluster)].filter((address) => family(address))
  return others
    .filter((source) => ownerOf(source, alone.pods) === undefined)
    .every((source) => judge({ source, destination: podAddress, ...service } as Parameters<typeof judge>[0]).allowed)
}

/** They are rare among random pods: here one at least is one, and is not done. */
export function withHost(cluster: RawCluster, chosen: number): RawCluster {
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
