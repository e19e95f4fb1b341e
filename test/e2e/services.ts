import type { Json } from './kubectl.ts'
import type { Family } from './pods.ts'
import type { World } from './world.ts'
import { familyOf } from './pods.ts'

/** Addresses of documentation: nobody else answers there. */
const BALANCER: Readonly<Record<Family, string>> = { IPv4: '203.0.113.10', IPv6: '2001:db8:5::10' }

export interface ServiceFacts {
  readonly name: string
  readonly addresses: ReadonlyMap<Family, string>
  /** 0: the Service has none. */
  readonly nodePort: number
}

/** A Service in front of the pods `probe=POD` of a team: TCP 80 to the port 8080 of the pod. Made anew. */
export async function createService(
  world: World,
  team: string,
  name: string,
  pod: string,
  spec: Json,
): Promise<ServiceFacts> {
  const path = `/api/v1/namespaces/${world.namespaceOf(team)}/services`
  const made = await world.kubectl.request('POST', path, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      selector: { probe: pod },
      ports: [{ name: 'web', port: 80, targetPort: 8080 }],
      ...(world.families.length > 1 && spec['type'] !== 'ExternalName' ? { ipFamilyPolicy: 'PreferDualStack' } : {}),
      ...spec,
    },
  })
  const { clusterIPs = [], ports } = made['spec'] as {
    readonly clusterIPs?: readonly string[]
    readonly ports: readonly { readonly nodePort?: number }[]
  }
  const addresses = clusterIPs.filter((ip) => ip !== 'None').map((ip) => [familyOf(ip), ip] as const)
  return {
    name: `${name}.${world.namespaceOf(team)}`,
    addresses: new Map(addresses),
    nodePort: ports[0]?.nodePort ?? 0,
  }
}

/** What a cloud's controller would do: gives the Service an address. */
export async function balance(world: World, team: string, name: string): Promise<ReadonlyMap<Family, string>> {
  const path = `/api/v1/namespaces/${world.namespaceOf(team)}/services/${name}/status`
  const addresses = new Map(world.families.map((family) => [family, BALANCER[family]]))
  const ingress = [...addresses.values()].map((ip) => ({ ip }))
  await world.kubectl.request('PATCH', path, { status: { loadBalancer: { ingress } } })
  return addresses
}

/** The Services of the suite's namespaces go. */
export async function removeServices(world: World, team: string): Promise<void> {
  await world.kubectl.request('DELETE', `/api/v1/namespaces/${world.namespaceOf(team)}/services`)
}

/** The addresses that a node says are its own, inside the cluster. */
export async function nodeAddresses(world: World, node: string): Promise<ReadonlyMap<Family, string>> {
  const { items } = (await world.kubectl.request(
    'GET',
    `/api/v1/nodes?labelSelector=${encodeURIComponent(`kubernetes.io/hostname=${node}`)}`,
  )) as unknown as {
    readonly items: readonly {
      readonly status: { readonly addresses: readonly { readonly type: string; readonly address: string }[] }
    }[]
  }
  const internal = items[0]?.status.addresses.filter(({ type }) => type === 'InternalIP') ?? []
  return new Map(internal.map(({ address }) => [familyOf(address), address]))
}
