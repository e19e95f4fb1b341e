import type { ReachNode } from '../reach/fold.ts'
import { EVERY_PORT, isNoPort, subtractPortSets } from '../reach/port-set.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import { blocksOf } from './baseline-blocks.ts'
import { hasWords, type Names, selectedOf, withPorts, writtenGroup, type WrittenTest } from './baseline-words.ts'
import { namedPods, selectedSet, unionEnds } from './end-set.ts'
import { portClasses } from './port-classes.ts'
import { portsBetween } from './ports-between.ts'
import type { World } from './world.ts'

/** Who the clients of a workload are, port by port. */
export function clientsOf(world: World, to: ReachNode, names: Names): readonly WrittenTest[] {
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
    const selected = selectedSet(world, { kind: 'selected', ...selectedOf(group), absent: true })
    // Some of them are kept from connecting by their own egress: no such line would hold.
    if (selected.hosts.size > 0 || [...selected.pods].some((pod) => !members.has(pod))) {
      isWhole = false
      continue
    }
    covering.push(selected)
    entries.push(writtenGroup(group))
  }
  return { entries, isWhole }
}
