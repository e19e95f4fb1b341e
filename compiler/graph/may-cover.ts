import type { Grant, GrantPorts, Grants } from './grants.ts'
import type { Peers } from './peers.ts'

/**
 * A glance before `grantsCover`, where many are held against each other: false only where it says false, too. One port and one peer of
 * the narrower's first grant have to stand together in some grant of the wider.
 */
export function mayCover(wider: Grants, narrower: Grants): boolean {
  const [first] = narrower.list
  return (
    first === undefined || wider.list.some(({ ports, peers }) => touchesPorts(ports, first) && touches(peers, first))
  )
}

function touchesPorts(ports: GrantPorts, { ports: narrow }: Grant): boolean {
  if (ports.kind === 'any') return true
  if (narrow.kind === 'any' || narrow.protocol !== ports.protocol) return false
  switch (ports.kind) {
    case 'protocol':
      return true
    case 'range':
      return narrow.kind === 'range' && ports.from <= narrow.from && narrow.from <= ports.to
    case 'name':
      return narrow.kind === 'name' && narrow.name === ports.name
  }
}

function touches(peers: Peers, { peers: narrow }: Grant): boolean {
  if (peers.kind === 'anyone') return true
  if (narrow.kind === 'anyone') return false
  const [group] = narrow.groups
  if (group !== undefined) return peers.groups.some(({ key }) => key === group.key)
  return narrow.ranges.IPv4.length > 0 ? peers.ranges.IPv4.length > 0 : peers.ranges.IPv6.length > 0
}
