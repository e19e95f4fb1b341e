import type { GrantPorts } from '../graph/grants.ts'
import type { Covers } from '../nftables/class-covers.ts'
import type { Direction } from '../objects/direction.ts'
import type { Pod, PolicyRule, RulePort } from '../objects/objects.ts'

/** Did this rule of a policy have a part in the kernel's? Then what the kernel's counts may be its doing, else it is not. */
export function contributes(rule: PolicyRule, covers: Covers, direction: Direction, pods: readonly Pod[]): boolean {
  return hasPeers(rule, covers.peers) && portsMeet(rule, covers.ports, direction, pods, 'alike')
}

/** May a connection that this rule of a policy grants be the kernel's rule's, whoever else granted it? */
export function mayHit(rule: PolicyRule, covers: Covers, direction: Direction, pods: readonly Pod[]): boolean {
  return portsMeet(rule, covers.ports, direction, pods, 'at all')
}

function hasPeers({ peers }: PolicyRule, kind: Covers['peers']): boolean {
  switch (kind) {
    case 'anyone':
      return peers === 'anyone'
    case 'groups':
      return peers !== 'anyone' && peers.some((peer) => peer.kind === 'pods')
    case 'blocks':
      return peers !== 'anyone' && peers.some((peer) => peer.kind === 'block')
    case 'several':
      return true
  }
}

/** `alike`: in the normal form a grant of a whole protocol stands beside those of ports, and never in one of them. */
function portsMeet(
  { ports }: PolicyRule,
  covered: Covers['ports'],
  direction: Direction,
  pods: readonly Pod[],
  how: 'alike' | 'at all',
): boolean {
  if (covered === undefined) return true
  if (ports === 'any') return how === 'at all' || covered.some(({ kind }) => kind === 'any')
  return ports.some((port) => covered.some((one) => meets(port, one, direction, pods, how)))
}

function meets(
  port: RulePort,
  covered: GrantPorts,
  direction: Direction,
  pods: readonly Pod[],
  how: 'alike' | 'at all',
): boolean {
  if (covered.kind === 'any') return how === 'at all'
  if (covered.protocol !== port.protocol) return false
  switch (covered.kind) {
    case 'protocol':
      return port.kind === 'all' || how === 'at all'
    case 'range': {
      const { from, to } = covered
      if (port.kind === 'all') return how === 'at all'
      if (port.kind === 'range') return port.from <= to && from <= port.to
      // Of the destination: in egress any pod's.
      if (direction === 'egress') return how === 'at all'
      return pods.some(({ ports: own }) =>
        own.some(
          ({ name, protocol, number }) =>
            name === port.name && protocol === port.protocol && from <= number && number <= to,
        ),
      )
    }
    case 'name':
      return true
  }
}
