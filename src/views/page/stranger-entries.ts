import { FAMILIES } from '../../../compiler/addresses/address.ts'
import { rangesCover } from '../../../compiler/addresses/ranges.ts'
import type { Direction } from '../../../compiler/objects/direction.ts'
import type { Reach } from '../../../compiler/reach/create-reach.ts'
import { strangerEdges } from '../../../compiler/reach/exposed-edges.ts'
import type { Stranger } from '../../../compiler/reach/exposed-ports.ts'
import { ANYWHERE } from '../../../compiler/reach/host-reach.ts'
import { WHOLE_CLUSTER } from '../../../compiler/reach/possible-peer.ts'
import { intersectPortSets, isNoPort, unionPortSets } from '../../../compiler/reach/port-set.ts'
import { portsText } from '../edge-lines.ts'
import type { KnownRule, KnownRules } from './all-rules.ts'
import type { OutsideEntry } from './outside-entries.ts'
import type { PageClass } from './page-classes.ts'
import { rulePorts } from './rule-ports.ts'

/**
 * What the rules of one direction say of pods that are not in the input; nothing where it is open. Who has no more than
 * any other pod is not named; `outside`: neither is any other pod, where every address has the same.
 */
export function strangerEntries(
  { exposure }: Reach,
  known: KnownRules,
  { members: [pod], isolatedBy }: PageClass,
  direction: Direction,
  outside: readonly OutsideEntry[],
): readonly OutsideEntry[] {
  if (pod === undefined || pod[direction] === 'open') return []
  const own = known.rules.flatMap((one, index) =>
    one.direction === direction && isolatedBy[direction].includes(one.policy) ? [{ one, index }] : [],
  )
  const entries = exposure.strangers.flatMap((stranger): readonly OutsideEntry[] => {
    const exposed = exposure.between(stranger, pod, direction)
    const text = portsText(strangerEdges('', '', direction, exposed))
    if (text === '') return []
    const ports = unionPortSets([...exposed.values()].map((each) => each.ports))
    const rules = own.filter(
      ({ one }) =>
        isAmong(stranger, one) &&
        (!isNoPort(intersectPortSets(rulePorts(one.rule, direction === 'ingress' ? pod.pod.ports : []), ports)) ||
          isNoPort(ports)),
    )
    return [{ addresses: stranger.peer.id, text, ports, rules: rules.map(({ index }) => index) }]
  })
  const any = entries.find(({ addresses }) => addresses === WHOLE_CLUSTER)?.text
  const everywhere = outside.find(({ addresses }) => addresses === '0.0.0.0/0')?.text
  return entries
    .filter(({ addresses, text }) => text !== everywhere && (addresses === WHOLE_CLUSTER || text !== any))
    .map((entry) => ({ ...entry, addresses: `${entry.addresses} (not in the input)` }))
}

function isAmong({ groups }: Stranger, { peers }: KnownRule): boolean {
  if (peers.kind === 'anyone') return true
  return (
    peers.groups.some(({ key }) => groups.has(key)) ||
    FAMILIES.some((family) => rangesCover(peers.ranges[family], ANYWHERE[family]))
  )
}
