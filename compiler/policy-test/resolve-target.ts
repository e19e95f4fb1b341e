import { FAMILIES, type Family } from '../addresses/address.ts'
import type { AddressRange } from '../addresses/range.ts'
import { findEnd } from '../cluster/find-end.ts'
import type { Service } from '../cluster/service.ts'
import { selectedPods } from '../cluster/service-endpoints.ts'
import type { AskedPort } from '../explain/parse-port.ts'
import { toService } from '../explain/service-destinations.ts'
import type { Refusal, Site } from '../explain/site.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Transport } from '../graph/judge.ts'
import { portRangesContain } from '../addresses/port-ranges.ts'
import { PROTOCOLS } from '../objects/protocol.ts'
import {
  EVERY_PORT,
  isNoPort,
  ofProtocol,
  OTHER_PROTOCOLS,
  type PortSet,
  portSetKey,
  unionPortSets,
} from '../reach/port-set.ts'
import { type AskedPorts, portsAt } from './asked-ports.ts'
import { type EndSet, namedPods, NOBODY, unionEnds } from './end-set.ts'
import { groupPods, type PodGroup, type PodSet } from './group-pods.ts'
import type { End } from './policy-test.ts'
import { resolveEnd } from './resolve-end.ts'
import type { World } from './world.ts'

/** Where connections go, and on which ports there. */
export interface Target {
  readonly kind: 'target'
  readonly set: EndSet
  readonly groups: readonly TargetGroup[]
  readonly hosts: ReadonlyMap<GraphPod, PortSet>
  readonly outside: readonly TargetAddresses[]
  /** Parts of it that mean nobody. */
  readonly nobody: readonly string[]
}

/** Pods that no policy tells apart, asked on the same ports. */
export interface TargetGroup extends PodGroup {
  readonly ports: PortSet
}

export interface TargetAddresses {
  readonly family: Family
  readonly ranges: readonly AddressRange[]
  readonly ports: PortSet
}

/** What a target without ports means: what a name brings (`allow`: a lookup is UDP; `at most`: TCP too), or every port. */
export type WithoutPorts = 'allow' | 'at most' | 'everything'

/** The ends of connections, with their ports; a refusal where a name or a port leads nowhere. */
export function resolveTarget(
  world: World,
  end: End,
  asked: AskedPorts | undefined,
  without: WithoutPorts,
): Target | Refusal {
  if (end.kind === 'any of') {
    const targets: Target[] = []
    for (const one of end.ends) {
      const target = resolveTarget(world, one, asked, without)
      if (target.kind === 'problem') return target
      targets.push(target)
    }
    return unionTargets(targets)
  }
  const named = end.kind === 'word' ? targetOfName(world, end.word, asked, without) : undefined
  if (named !== undefined) return named
  const resolved = resolveEnd(world, end)
  if (resolved.kind === 'problem') return resolved
  const { set, nobody } = resolved
  if (asked === undefined && without === 'allow') {
    const hint = 'say which: [8080], [53/UDP], [icmp], or ["*"] for every port and protocol'
    return { kind: 'problem', problem: `expect: allow to ${end.text} needs ports`, hint }
  }
  const ports = asked ?? { numbers: EVERY_PORT, names: [] }
  const groups = groupsAt(world, set.pods, ports)
  const hasNumbers = !isNoPort(ports.numbers)
  if (groups.length === 0 && !hasNumbers && nobody.length === 0 && !mayLackPort(end, set, without)) {
    const names = ports.names.map(({ name }) => `"${name}"`).join(', ')
    return { kind: 'problem', problem: `${end.text} has no port ${names}`, hint: 'give a number' }
  }
  return {
    kind: 'target',
    set,
    nobody,
    groups,
    hosts: new Map(hasNumbers ? [...set.hosts].map((host) => [host, ports.numbers] as const) : []),
    outside: hasNumbers ? addressesOn(set, ports.numbers) : [],
  }
}

/**
 * Pods that are not here have no ports to look a name up in; what is listed in `atMost` may be for a port of those who are not here,
 * whoever else is.
 */
function mayLackPort(end: End, { pods, hosts }: EndSet, without: WithoutPorts): boolean {
  return end.kind === 'selected' && end.absent && (without === 'at most' || pods.size + hosts.size === 0)
}

/** One name may be two numbers on two pods that are alike otherwise; a pod without the name is not asked. */
function groupsAt(world: World, pods: PodSet, asked: AskedPorts): readonly TargetGroup[] {
  if (asked.names.length === 0) return groupPods(world, pods).map((group) => ({ ...group, ports: asked.numbers }))
  const own = new Map(
    [...pods].flatMap((pod) => {
      const ports = portsAt(asked, pod.pod.ports)
      return ports === undefined ? [] : [[pod, ports] as const]
    }),
  )
  return groupsOn(world, own)
}

function groupsOn(world: World, pods: ReadonlyMap<GraphPod, PortSet>): readonly TargetGroup[] {
  return [...Map.groupBy(pods, ([, ports]) => portSetKey(ports)).values()].flatMap((list) => {
    const [[, ports] = [undefined, EVERY_PORT]] = list
    return groupPods(world, new Set(list.map(([pod]) => pod))).map((group) => ({ ...group, ports }))
  })
}

function addressesOn({ outside }: EndSet, ports: PortSet): readonly TargetAddresses[] {
  return FAMILIES.flatMap((family) =>
    outside[family].length === 0 ? [] : [{ family, ranges: outside[family], ports }],
  )
}

/** A Service leads to its endpoints, on their ports; `dns` brings port 53. Undefined for every other name. */
function targetOfName(
  world: World,
  word: string,
  asked: AskedPorts | undefined,
  without: WithoutPorts,
): Target | Refusal | undefined {
  const found = findEnd(world.cluster, word, world.namespace)
  if (found.kind === 'ingress') {
    const hint = `ask for its backends: ${found.ingress.backends.map(({ service }) => `svc/${service}`).join(', ')}`
    const problem = `Ingress ${found.name} is where connections come from, not where they go`
    return { kind: 'problem', problem, hint }
  }
  if (asked === undefined && without === 'everything') return undefined
  if (found.kind === 'service') {
    const wanted = servicePorts(found.service, asked ?? (word === 'dns' ? dnsPorts(without) : undefined))
    return through(world, found.name, found.service, wanted)
  }
  if (word !== 'dns' || asked !== undefined || found.kind !== 'pods') return undefined
  const numbers = dnsPorts(without).numbers
  const set = namedPods(world, found.pods)
  const groups = groupsAt(world, set.pods, { numbers, names: [] })
  return { kind: 'target', set, groups, hosts: new Map(), outside: [], nobody: [] }
}

function dnsPorts(without: WithoutPorts): AskedPorts {
  const protocols = without === 'allow' ? (['UDP'] as const) : (['UDP', 'TCP'] as const)
  const sets = protocols.map((protocol) => ofProtocol(protocol, [{ from: 53, to: 53 }]))
  return { numbers: unionPortSets(sets), names: [] }
}

/** Of ranges, those that the Service has; what is asked by itself has to be there. Nothing asked: all that it has. */
function servicePorts({ ports }: Service, asked: AskedPorts | undefined): readonly AskedPort[] {
  if (asked === undefined) return ports.map(({ protocol, port }) => ({ kind: 'number', protocol, number: port }))
  const wanted: AskedPort[] = asked.names.map((name) => ({ kind: 'name', ...name }))
  for (const protocol of PROTOCOLS) {
    const ranges = asked.numbers.ranges[protocol]
    const own = ports.filter((one) => one.protocol === protocol && portRangesContain(ranges, one.port))
    const numbers = [...own.map(({ port }) => port), ...ranges.flatMap(({ from, to }) => (from === to ? [from] : []))]
    for (const number of new Set(numbers)) wanted.push({ kind: 'number', protocol, number })
  }
  const isOther = asked.numbers.other && isNoPort({ ...asked.numbers, other: false })
  return isOther ? [...wanted, { kind: 'icmp' }] : wanted
}

function through(world: World, name: string, service: Service, wanted: readonly AskedPort[]): Target | Refusal {
  const pods = new Map<GraphPod, PortSet>()
  const hosts = new Map<GraphPod, PortSet>()
  const outside: TargetAddresses[] = []
  const add = (site: Site, transport: Transport): void => {
    const ports = portsOf(transport)
    if (site.kind === 'pod') pods.set(site.pod, unionPortSets([pods.get(site.pod) ?? ports, ports]))
    if (site.kind === 'address') {
      const { family, value } = site.address
      outside.push({ family, ranges: [{ first: value, last: value }], ports })
    }
    if (site.kind !== 'host') return
    const selected = selectedPods(world.cluster, service).filter(({ pod }) => pod.hostNetwork)
    for (const host of selected.filter(({ pod }) => pod.addresses.length === 0)) hosts.set(host, ports)
  }
  if (wanted.length === 0) {
    const known = service.ports.map(({ port, protocol }) => `${port}/${protocol}`).join(', ')
    return { kind: 'problem', problem: `Service ${name} has none of these ports`, hint: `it has ${known || 'none'}` }
  }
  for (const port of wanted) {
    const found = toService(world.cluster, name, service, port)
    if (found.kind !== 'destinations') return found.kind === 'problem' ? found : noDoor(name)
    for (const { site, transport } of found.list) add(site, transport)
  }
  const set = namedPods(world, [...pods.keys()], [...hosts.keys()])
  return { kind: 'target', set, groups: groupsOn(world, pods), hosts, outside, nobody: [] }
}

function noDoor(name: string): Refusal {
  return { kind: 'problem', problem: `Service ${name} cannot be asked so`, hint: 'name its pods' }
}

function portsOf(transport: Transport): PortSet {
  return transport.protocol === 'other'
    ? OTHER_PROTOCOLS
    : ofProtocol(transport.protocol, [{ from: transport.port, to: transport.port }])
}

function unionTargets(targets: readonly Target[]): Target {
  const [only] = targets
  if (only !== undefined && targets.length === 1) return only
  const hosts = new Map<GraphPod, PortSet>()
  for (const target of targets) {
    for (const [host, ports] of target.hosts) hosts.set(host, unionPortSets([hosts.get(host) ?? ports, ports]))
  }
  return {
    kind: 'target',
    set: targets.length === 0 ? NOBODY : unionEnds(targets.map(({ set }) => set)),
    groups: targets.flatMap(({ groups }) => groups),
    hosts,
    outside: targets.flatMap(({ outside }) => outside),
    nobody: targets.flatMap(({ nobody }) => nobody),
  }
}
