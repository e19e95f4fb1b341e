import type { Protocol } from '../objects/protocol.ts'
import type { Grant, Grants } from './grants.ts'
import { NOBODY, type Peers, peersCover, unionPeers, withoutPeers } from './peers.ts'

/**
 * Does the wider of two grants surely allow everything that the narrower allows? Judged by formula alone, so a `false`
 * may be over-careful (a generation is bumped for nothing); a `true` never is.
 */
export function grantsCover(wider: Grants, narrower: Grants): boolean {
  if (wider.key === narrower.key) return true
  return narrower.list.every((grant) => grantCovered(wider, grant))
}

function grantCovered(wider: Grants, { ports, peers }: Grant): boolean {
  const any = peersOf(wider, (grant) => grant.ports.kind === 'any')
  if (ports.kind === 'any') return peersCover(any, peers)
  const whole = unionPeers([any, peersOf(wider, (grant) => isWhole(grant, ports.protocol))])
  const rest = withoutPeers(peers, whole)
  switch (ports.kind) {
    case 'protocol':
      return peersCover(NOBODY, rest)
    case 'range': {
      if (peersCover(NOBODY, rest)) return true
      let next = ports.from
      for (const grant of wider.list) {
        if (grant.ports.kind !== 'range' || grant.ports.protocol !== ports.protocol) continue
        if (grant.ports.to < next || grant.ports.from > next) continue
        if (!peersCover(grant.peers, rest)) return false
        next = grant.ports.to + 1
        if (next > ports.to) return true
      }
      return false
    }
    case 'name': {
      const { protocol, name } = ports
      const named = peersOf(
        wider,
        (grant) => grant.ports.kind === 'name' && grant.ports.protocol === protocol && grant.ports.name === name,
      )
      return peersCover(named, rest)
    }
  }
}

function isWhole({ ports }: Grant, protocol: Protocol): boolean {
  return ports.kind === 'protocol' && ports.protocol === protocol
}

function peersOf(grants: Grants, wanted: (grant: Grant) => boolean): Peers {
  return unionPeers(grants.list.filter(wanted).map(({ peers }) => peers))
}
