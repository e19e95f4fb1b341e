import { stringify } from 'yaml'
import { FAMILIES, type Family } from '../addresses/address.ts'
import { rangeOfFamily } from '../addresses/block-range.ts'
import { rangesCover } from '../addresses/ranges.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { lastingLabels } from '../explain/lasting-labels.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import type { Direction } from '../objects/direction.ts'
import { POLICY_TEST } from '../objects/policy-test-kind.ts'
import type { Requirement, Selector } from '../objects/selector.ts'
import { foldPods, type ReachNode } from '../reach/fold.ts'
import { cidrsOf } from '../reach/outside-reach.ts'
import {
  EVERY_PORT,
  intersectPortSets,
  isEveryPort,
  isNoPort,
  type PortSet,
  subtractPortSets,
} from '../reach/port-set.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import { portWords } from './asked-ports.ts'
import { namedPods, selectedSet, unionEnds } from './end-set.ts'
import { portClasses } from './port-classes.ts'
import { readPolicyTests } from './read-policy-tests.ts'
import { runAssertions } from './run-assertions.ts'
import { createWorld, type World } from './world.ts'

/** One test as it is written. */
export type WrittenTest = Readonly<Record<string, unknown>>

/**
 * What may reach what today, as tests: for each workload who its clients are, port by port, and for each one that is isolated for
 * egress what it reaches. By labels and names, sorted; without addresses of pods, and without hashes.
 */
export function generateBaseline(cluster: Cluster): Baseline {
  const all = baselineOf(cluster)
  if (all.length === 0) return { tests: [], leftOut: 0 }
  const text = stringify({ ...POLICY_TEST, tests: all }, { aliasDuplicateObjects: false })
  const { tests, diagnostics } = readPolicyTests([{ file: 'baseline', text }])
  if (diagnostics.length > 0) throw new Error(`a baseline that cannot be read: ${diagnostics[0]?.problem}`)
  const assertions = tests.flatMap((one) => one.assertions)
  const holds = runAssertions(cluster, assertions, 'default').map(({ status }) => status === 'passed')
  const kept = all.filter((_, index) => holds[index] === true)
  return { tests: kept, leftOut: all.length - kept.length }
}

/** `leftOut`: lines that would not hold even today, since the input does not say enough, or families differ. */
export interface Baseline {
  readonly tests: readonly WrittenTest[]
  readonly leftOut: number
}

function baselineOf(cluster: Cluster): readonly WrittenTest[] {
  const world = createWorld(cluster, 'default', false)
  const pods = world.reach.behaviours.flatMap(({ members }) => members)
  const nodes = foldPods(pods, 'workload', world.reach.behaviourOf)
  const names = new Map(nodes.map((node) => [node, written(world, node)]))
  return nodes.flatMap((node) => [...clientsOf(world, node, names), ...reachOf(world, node, names)])
}

type Names = ReadonlyMap<ReachNode, unknown>

/** By labels where these are its pods and no others, else by name. */
function written({ cluster, inNamespace, hosts }: World, { namespace, members, id }: ReachNode): unknown {
  const [first] = members
  if (first === undefined) return id
  const labels = Object.entries(lastingLabels(cluster, first))
  const hasLabels = ({ pod }: GraphPod): boolean => labels.every(([key, value]) => pod.labels.labels.get(key) === value)
  const inHere = [...(inNamespace.get(namespace) ?? []), ...hosts.filter(({ pod }) => pod.namespace === namespace)]
  const same = inHere.filter(hasLabels)
  const own = new Set(members)
  const isExact = labels.length > 0 && same.length === own.size && same.every((pod) => own.has(pod))
  if (isExact) return { namespace, pods: Object.fromEntries(labels) }
  const kind = / \((\w+)\)$/.exec(id)?.[1]
  return kind === undefined ? id : `${namespace}/${kind.toLowerCase()}/${first.pod.workload?.name ?? ''}`
}

function clientsOf(world: World, to: ReachNode, names: Names): readonly WrittenTest[] {
  const [target] = to.members
  if (target === undefined) return []
  const holders = [...names.keys()].flatMap((from, index) => {
    const ports = portsBetween(world, from, to)
    return isNoPort(ports) ? [] : [{ id: `pods ${index}`, ports }]
  })
  const nodes = [...names.keys()]
  const blocks = blocksOf(world, target, 'ingress')
  const grants = world.possibleOf(target.ingress)
  const possible = grants.map(({ ports }, index) => ({ id: `possible ${index}`, ports }))
  const classes = portClasses([
    ...holders,
    ...blocks.map(({ ports }, index) => ({ id: `blocks ${index}`, ports })),
    ...possible,
  ])
  const tests = classes.filter(hasWords).map(({ ports, holders: ids }): WrittenTest => {
    const clients = ids.flatMap((id) => (id.startsWith('pods ') ? (nodes[Number(id.slice(5))] ?? []) : []))
    const meant = ids.flatMap((id) => (id.startsWith('possible ') ? (grants[Number(id.slice(9))] ?? []) : []))
    const { entries, isWhole } = absentClients(
      world,
      clients,
      meant.map(({ group }) => group),
    )
    const only = [
      ...clients.map((node) => names.get(node)),
      ...entries,
      ...ids.flatMap((id) => (id.startsWith('blocks ') ? (blocks[Number(id.slice(7))]?.blocks ?? []) : [])),
    ]
    return { to: names.get(to), ...withPorts(ports), only, ...(isWhole ? {} : { pods: 'input' }) }
  })
  const rest = classes.reduce((left, { ports }) => subtractPortSets(left, ports), EVERY_PORT)
  return !hasWords({ ports: rest }) ? tests : [...tests, { to: names.get(to), ...withPorts(rest), only: [] }]
}

/** What passes in every family that both have. */
function portsBetween(world: World, from: ReachNode, to: ReachNode): PortSet {
  const [source] = from.members
  const destination = from === to ? (to.members[1] ?? to.members[0]) : to.members[0]
  if (source === undefined || destination === undefined) return EVERY_PORT
  // A single pod has no way to itself; a workload that stands for several has.
  if (source === destination && source.pod.standIn !== true) return subtractPortSets(EVERY_PORT, EVERY_PORT)
  const sets = [...world.reach.between(source, destination).values()]
  const [first, ...others] = sets
  return first === undefined ? subtractPortSets(EVERY_PORT, EVERY_PORT) : others.reduce(intersectPortSets, first)
}

/** Of rules that mean more than these clients, what they say, as clients that need not be there. */
function absentClients(
  world: World,
  clients: readonly ReachNode[],
  groups: readonly PeerGroup[],
): { readonly entries: readonly unknown[]; readonly isWhole: boolean } {
  const members = new Set(clients.flatMap((node) => node.members))
  const covering = [namedPods(world, [...members])]
  const entries: unknown[] = []
  let isWhole = true
  for (const group of groups) {
    const stands = world.possibleOf({
      key: group.key,
      list: [{ ports: { kind: 'any' }, peers: { kind: 'some', groups: [group], ranges: { IPv4: [], IPv6: [] } } }],
    })
    if (stands.every(({ pods }) => pods.every(unionEnds(covering).covers))) continue
    const namespaces = namespacesOf(group)
    const selected = selectedSet(world, { kind: 'selected', namespaces, pods: group.pods, absent: true })
    // Some of them are kept from connecting by their own egress: no such line would hold.
    if (selected.hosts.size > 0 || [...selected.pods].some((pod) => !members.has(pod))) {
      isWhole = false
      continue
    }
    covering.push(selected)
    entries.push({
      ...placeOf(group),
      ...(group.pods.key === '' ? {} : { pods: selectorJson(group.pods) }),
      absent: true,
    })
  }
  return { entries, isWhole }
}

function namespacesOf({ namespaces }: PeerGroup): Selector {
  if (namespaces.kind === 'selected') return namespaces.selector
  const requirement: Requirement = { key: NAMESPACE_NAME_LABEL, operator: 'In', values: [namespaces.name] }
  return { key: `${NAMESPACE_NAME_LABEL}=${namespaces.name}`, requirements: [requirement] }
}

function placeOf({ namespaces, pods }: PeerGroup): object {
  if (namespaces.kind === 'named') return { namespace: namespaces.name }
  if (namespaces.selector.key !== '') return { namespaces: selectorJson(namespaces.selector) }
  return pods.key === '' ? { namespaces: {} } : {}
}

function selectorJson({ requirements }: Selector): object {
  const isPlain = requirements.every(({ operator, values }) => operator === 'In' && values.length === 1)
  if (isPlain) return Object.fromEntries(requirements.map(({ key, values }) => [key, values[0]]))
  return {
    matchExpressions: requirements.map(({ key, operator, values }) => ({
      key,
      operator,
      ...(values.length > 0 && { values }),
    })),
  }
}

interface BlockPorts {
  readonly blocks: readonly string[]
  readonly ports: PortSet
}

/** Addresses of nobody, as CIDRs; `outside` where it is all of them. */
function blocksOf({ reach }: World, pod: GraphPod, direction: Direction): readonly BlockPorts[] {
  const own = FAMILIES.filter((family) => reach.outside(pod, direction, family).length > 0)
  const isAll = (family: Family) =>
    reach.outside(pod, direction, family).filter(({ ranges }) => rangesCover(ranges, [rangeOfFamily(family)]))
  const whole = own.length > 0 ? own.map((family) => isAll(family).map(({ ports }) => ports)) : []
  const [first = [], ...others] = whole
  const everywhere = first.filter((ports) =>
    others.every((list) => list.some((one) => isNoPort(subtractPortSets(ports, one)))),
  )
  const usual = everywhere.map((ports) => ({ blocks: ['outside'], ports }))
  const some = own.flatMap((family) =>
    reach.outside(pod, direction, family).flatMap(({ ports, ranges }): readonly BlockPorts[] => {
      const rest = everywhere.reduce(subtractPortSets, ports)
      const blocks = isNoPort(rest) ? [] : cidrsOf(ranges, family, reach.owned[family])
      return blocks.length === 0 ? [] : [{ blocks, ports: rest }]
    }),
  )
  return [...usual, ...some]
}

/** Of pods that are isolated for egress: everything that they reach, and that the addresses among it are reached. */
function reachOf(world: World, from: ReachNode, names: Names): readonly WrittenTest[] {
  const [source] = from.members
  if (source === undefined || source.egress === 'open') return []
  const inside = [...names].flatMap(([to, name]) => {
    const ports = portsBetween(world, from, to)
    return !hasWords({ ports })
      ? []
      : [typeof name === 'string' ? { to: name, ...withPorts(ports) } : { ...(name as object), ...withPorts(ports) }]
  })
  const blocks = blocksOf(world, source, 'egress').filter(hasWords)
  const outside = blocks.map(({ blocks: list, ports }) => ({ to: oneOrMore(list), ...withPorts(ports) }))
  const absent = world
    .possibleOf(source.egress)
    .filter(hasWords)
    .map(({ group, ports, name }) => ({
      ...placeOf(group),
      ...(group.pods.key === '' ? {} : { pods: selectorJson(group.pods) }),
      ports: name === undefined ? portWords(ports).map(asNumber) : [`${name.name}/${name.protocol}`],
      absent: true,
    }))
  const own = names.get(from)
  const reached = blocks.map(({ blocks: list, ports }) => ({
    from: own,
    to: oneOrMore(list),
    ...withPorts(ports),
    expect: 'allow',
  }))
  return [{ from: own, atMost: [...inside, ...absent, ...outside] }, ...reached]
}

/** Is there anything of it to write? */
function hasWords({ ports }: { readonly ports: PortSet }): boolean {
  return portWords(ports).length > 0
}

function oneOrMore(list: readonly string[]): unknown {
  return list.length === 1 ? list[0] : list
}

/** The shorter of what they are and what they are not. */
function withPorts(ports: PortSet): { readonly ports: unknown } {
  const words = portWords(ports).map(asNumber)
  const missing = portWords(subtractPortSets(EVERY_PORT, ports)).map(asNumber)
  if (isEveryPort(ports) || missing.length === 0) return { ports: ['*'] }
  return { ports: missing.length < words.length ? { not: missing } : words }
}

/** As people write it. */
function asNumber(word: string): string | number {
  return /^\d+$/.test(word) ? Number(word) : word
}
