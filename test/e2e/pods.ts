import type { Kubectl } from './kubectl.ts'
import type { Session } from './session-client.ts'

/** The namespaces of the suite are called so, and x, y, z or hosts. */
export const PREFIX = 'selvedge-e2e-'

export type Family = 'IPv4' | 'IPv6'

/** Who can open connections. */
export interface Caller {
  readonly name: string
  readonly session: () => Session
}

export interface Place extends Caller {
  /** Of the nine: x, y or z, and a, b or c. */
  readonly team: string
  readonly pod: string
  readonly namespace: string
  readonly podName: string
  readonly node: string
  readonly addresses: ReadonlyMap<Family, string>
}

/** What the suite reads of a Pod. */
export interface PodObject {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly labels: Readonly<Record<string, string>>
    readonly deletionTimestamp?: string
  }
  readonly spec: { readonly nodeName?: string }
  readonly status: {
    readonly phase: string
    readonly podIPs?: readonly { readonly ip: string }[]
    readonly containerStatuses?: readonly ContainerStatus[]
  }
}

interface ContainerStatus {
  readonly ready: boolean
  readonly restartCount: number
  readonly state: { readonly terminated?: End }
  readonly lastState: { readonly terminated?: End }
}

interface End {
  readonly reason: string
  readonly exitCode: number
}

export async function runningPods(kubectl: Kubectl, inNamespace: string, selector = ''): Promise<readonly PodObject[]> {
  const query = `?labelSelector=${encodeURIComponent(selector)}`
  const { items } = (await kubectl.request('GET', `/api/v1/namespaces/${inNamespace}/pods${query}`)) as unknown as {
    readonly items: readonly PodObject[]
  }
  return items.filter(({ metadata, status }) => status.phase === 'Running' && metadata.deletionTimestamp === undefined)
}

export function placeOf({ metadata, spec, status }: PodObject, session: () => Session): Place {
  const team = metadata.namespace.replace(PREFIX, '')
  const pod = metadata.labels['probe'] ?? metadata.labels['tier'] ?? metadata.name
  const addresses = (status.podIPs ?? []).map(({ ip }) => [familyOf(ip), ip] as const)
  return {
    name: `${team}/${pod}`,
    team,
    pod,
    namespace: metadata.namespace,
    podName: metadata.name,
    node: spec.nodeName ?? '',
    addresses: new Map(addresses),
    session,
  }
}

export function familyOf(address: string): Family {
  return address.includes(':') ? 'IPv6' : 'IPv4'
}
