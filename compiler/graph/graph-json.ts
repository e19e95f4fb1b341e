import { FAMILIES } from '../addresses/address.ts'
import { coverRange } from '../addresses/cover-range.ts'
import { formatBlock } from '../addresses/format-block.ts'
import type { Selector } from '../objects/selector.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import type { GraphPod, Isolation } from './allow-graph.ts'
import type { Direction } from '../objects/direction.ts'
import type { Grant, GrantPorts, Grants } from './grants.ts'
import type { Peers } from './peers.ts'

/** Names a class by its content; the caller brings the hash. */
export type ClassNamer = (direction: Direction, grants: Grants) => string

/** The allow-graph as JSON (docs/allow-graph.schema.json): equal meaning, equal value, down to the order of keys. */
export function graphJson(pods: Iterable<GraphPod>, nameClass: ClassNamer): GraphJson {
  const classes = new Map<string, ClassJson>()
  const side = (isolation: Isolation, direction: Direction): string => {
    if (isolation === 'open') return 'open'
    const name = nameClass(direction, isolation)
    if (!classes.has(name)) classes.set(name, { name, direction, grants: isolation.list.map(grantJson) })
    return name
  }
  const podList = [...pods].map(
    ({ pod, addresses, ingress, egress }): PodJson => ({
      namespace: pod.namespace,
      name: pod.name,
      ...(pod.node === undefined ? {} : { node: pod.node }),
      ...(pod.hostNetwork ? { hostNetwork: true } : {}),
      addresses: [...addresses].sort(),
      ingress: side(ingress, 'ingress'),
      egress: side(egress, 'egress'),
    }),
  )
  const byName = (left: ClassJson, right: ClassJson) => (left.name < right.name ? -1 : 1)
  return { pods: podList, classes: [...classes.values()].sort(byName) }
}

export interface GraphJson {
  readonly pods: readonly PodJson[]
  readonly classes: readonly ClassJson[]
}

interface PodJson {
  readonly namespace: string
  readonly name: string
  readonly node?: string
  readonly hostNetwork?: true
  readonly addresses: readonly string[]
  readonly ingress: string
  readonly egress: string
}

interface ClassJson {
  readonly name: string
  readonly direction: Direction
  readonly grants: readonly GrantJson[]
}

interface GrantJson {
  readonly ports: 'any' | Readonly<Record<string, string | number>>
  readonly peers: 'anyone' | { readonly groups: readonly GroupJson[]; readonly blocks: readonly string[] }
}

interface GroupJson {
  readonly namespace?: string
  readonly namespaceSelector?: SelectorJson
  readonly podSelector: SelectorJson
}

type SelectorJson = { readonly matchExpressions?: readonly unknown[] }

function grantJson({ ports, peers }: Grant): GrantJson {
  return { ports: portsJson(ports), peers: peersJson(peers) }
}

function portsJson(ports: GrantPorts): GrantJson['ports'] {
  switch (ports.kind) {
    case 'any':
      return 'any'
    case 'protocol':
      return { protocol: ports.protocol }
    case 'range':
      return { protocol: ports.protocol, from: ports.from, to: ports.to }
    case 'name':
      return { protocol: ports.protocol, name: ports.name }
  }
}

function peersJson(peers: Peers): GrantJson['peers'] {
  if (peers.kind === 'anyone') return 'anyone'
  const blocks = FAMILIES.flatMap((family) =>
    peers.ranges[family].flatMap((range) => coverRange(range, family).map(formatBlock)),
  )
  return { groups: peers.groups.map(groupJson), blocks }
}

function groupJson({ namespaces, pods }: PeerGroup): GroupJson {
  const scope =
    namespaces.kind === 'named'
      ? { namespace: namespaces.name }
      : { namespaceSelector: selectorJson(namespaces.selector) }
  return { ...scope, podSelector: selectorJson(pods) }
}

function selectorJson({ requirements }: Selector): SelectorJson {
  if (requirements.length === 0) return {}
  return {
    matchExpressions: requirements.map(({ key, operator, values }) =>
      values.length === 0 ? { key, operator } : { key, operator, values },
    ),
  }
}
