import type { ReachNode } from '../reach/fold.ts'
import { blocksOf } from './baseline-blocks.ts'
import { casesOf } from './absent-pods.ts'
import { portWords } from './asked-ports.ts'
import {
  asNumber,
  hasWords,
  type Names,
  oneOrMore,
  selectedOf,
  withPorts,
  writtenGroup,
  type WrittenTest,
} from './baseline-words.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import { selectedSet } from './end-set.ts'
import { portsBetween } from './ports-between.ts'
import type { World } from './world.ts'

/**
 * Of pods that are isolated for egress: everything that they reach; and that they do reach the addresses among it, and whoever
 * a rule means and the input does not have. Pods that are here say in their own `only` who reaches them.
 */
export function reachOf(world: World, from: ReachNode, names: Names): readonly WrittenTest[] {
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
    .filter((grant) => grant.pods.length > 0 && hasWords(grant))
    .map(({ group, ports, name }) => ({
      group,
      to: writtenGroup(group),
      ports: name === undefined ? portWords(ports).map(asNumber) : [`${name.name}/${name.protocol}`],
    }))
  const own = names.get(from)
  const reached = blocks.map(({ blocks: list, ports }) => ({
    from: own,
    to: oneOrMore(list),
    ...withPorts(ports),
    expect: 'allow',
  }))
  const expected = absent
    .filter(({ group }) => isElsewhere(world, group))
    .map(({ to, ports }) => ({ from: own, to, ports, expect: 'allow' }))
  const others = absent.map(({ to, ports }) => ({ ...to, ports }))
  return [{ from: own, atMost: [...inside, ...others, ...outside] }, ...reached, ...expected]
}

/** Are they somebody, and not here? Of those who are here, their own `only` tells. */
function isElsewhere(world: World, group: PeerGroup): boolean {
  const end = { kind: 'selected', ...selectedOf(group), absent: true, text: '' } as const
  const { pods, hosts } = selectedSet(world, end)
  return pods.size + hosts.size === 0 && casesOf(world, end).length > 0
}
