import type { Peer, PodPeer } from '../../objects/objects.ts'
import type { Selector } from '../../objects/selector.ts'
import { matchesSelector } from '../../selectors/matches-selector.ts'
import { type LintInput, type LintRule, remarkOn } from '../lint-rule.ts'
import { rulesOfPolicies } from '../policy-rules.ts'

/** Two list items next to each other mean OR: pods of this namespace, or every pod of those. One dash less is AND. */
export const peersOrNotAnd: LintRule = {
  name: 'peers-or-not-and',
  severity: 'warning',
  summary: 'podSelector and namespaceSelector are two peers (OR); was one peer with both meant (AND)?',
  check(input) {
    return rulesOfPolicies(input).flatMap(({ policy, direction, rule }) => {
      const { peers } = rule
      if (peers === 'anyone') return []
      const list = direction === 'ingress' ? 'from' : 'to'
      return peers.flatMap((peer, index) => {
        const next = peers[index + 1]
        const halves = next && (twoHalves(peer, next) ?? twoHalves(next, peer))
        if (halves === undefined || isSurelyOr(input, halves, policy.namespace)) return []
        const message = `${list}[${index}] and ${list}[${index + 1}] mean OR: these pods of ${policy.namespace}, and every pod of those namespaces`
        return [remarkOn(policy, { direction, rule }, message, 'for AND write both selectors into one list item')]
      })
    })
  },
}

interface Halves {
  readonly namespaces: Selector
  readonly pods: Selector
}

/** A namespaceSelector alone beside a podSelector alone. */
function twoHalves(whole: Peer, part: Peer): Halves | undefined {
  if (whole.kind !== 'pods' || part.kind !== 'pods' || !isWhole(whole)) return undefined
  return part.namespaces === 'same' && part.pods.key !== ''
    ? { namespaces: whole.namespaces, pods: part.pods }
    : undefined
}

function isWhole(peer: PodPeer): peer is PodPeer & { readonly namespaces: Selector } {
  return peer.namespaces !== 'same' && peer.pods.key === ''
}

/** The pods are here and not there, and here is not one of those namespaces: with AND the peer would be nobody. */
function isSurelyOr({ cluster: { graph } }: LintInput, { namespaces, pods }: Halves, own: string): boolean {
  const isSelected = (namespace: string) => matchesSelector(namespaces, graph.namespaceLabels(namespace).labels)
  const alike = [...graph.pods.values()].filter(({ pod }) => matchesSelector(pods, pod.labels.labels))
  return (
    !isSelected(own) &&
    alike.some(({ pod }) => pod.namespace === own) &&
    !alike.some(({ pod }) => isSelected(pod.namespace))
  )
}
