import type { Peer, PodPeer } from '../../objects/objects.ts'
import type { Requirement, Selector } from '../../objects/selector.ts'
import { type LintRule, remarkOn } from '../lint-rule.ts'
import { rulesOfPolicies } from '../policy-rules.ts'

/** Peers of one rule add up: what one leaves out, its wider sibling lets in. */
export const peerSwallowed: LintRule = {
  name: 'peer-swallowed',
  severity: 'warning',
  summary: 'What a peer leaves out, another peer of the same rule lets in',
  check(input) {
    return rulesOfPolicies(input).flatMap(({ policy, direction, rule }) => {
      if (rule.peers === 'anyone') return []
      const { peers } = rule
      if (!peers.some(leavesOut)) return []
      const wide = peers.flatMap((peer, position) => (leavesOut(peer) ? [] : [{ peer, position }]))
      const list = direction === 'ingress' ? 'from' : 'to'
      return peers.flatMap((peer, index) => {
        if (!leavesOut(peer)) return []
        const wider = wide.find((other) => holds(other.peer, peer, policy.namespace))
        if (wider === undefined) return []
        const message = `${list}[${index}] leaves out ${exclusionsOf(peer).join(', ')}, and ${list}[${wider.position}] lets it in`
        return [remarkOn(policy, { direction, rule }, message, 'peers add up; take the wider one away')]
      })
    })
  },
}

function leavesOut(peer: Peer): peer is PodPeer {
  return peer.kind === 'pods' && exclusionsOf(peer).length > 0
}

/** Requirements that exist to keep somebody out. */
function exclusionsOf({ namespaces, pods }: PodPeer): readonly string[] {
  const all = [...(namespaces === 'same' ? [] : namespaces.requirements), ...pods.requirements]
  return all.filter(isNegative).map(({ key, values }) => (values.length === 0 ? key : `${key}=${values.join(',')}`))
}

function isNegative({ operator }: Requirement): boolean {
  return operator === 'NotIn' || operator === 'DoesNotExist'
}

/** By formula: fewer requirements, more pods. */
function holds(wider: Peer, { namespaces, pods }: PodPeer, own: string): boolean {
  if (wider.kind !== 'pods' || !isWider(wider.pods, pods)) return false
  if (wider.namespaces === 'same') return namespaces === 'same'
  if (namespaces === 'same')
    return wider.namespaces.key === '' || wider.namespaces.key === `kubernetes.io/metadata.name=${own}`
  return isWider(wider.namespaces, namespaces)
}

function isWider(wider: Selector, narrower: Selector): boolean {
  const keys = new Set(narrower.requirements.map(keyOf))
  return wider.requirements.every((requirement) => keys.has(keyOf(requirement)))
}

function keyOf({ key, operator, values }: Requirement): string {
  return JSON.stringify([key, operator, values])
}
