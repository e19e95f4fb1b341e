import { peerGroup } from '../../graph/rule-peers.ts'
import type { Pod, PolicyRule, RulePort } from '../../objects/objects.ts'
import { declaredPorts } from '../declared-ports.ts'
import { type LintInput, type LintRule, remarkOn } from '../lint-rule.ts'
import { podIndexOf } from '../pod-index.ts'
import { createNeighbours, type RuleOfPolicy, rulesOfPolicies } from '../policy-rules.ts'

/**
 * A dash before `ports` makes a second rule: these peers on every port, and everybody on these ports. It is told where the
 * ports are all that the pods have, so that the peers change nothing, or where the pods do not say what they have.
 */
export const ruleSplitInTwo: LintRule = {
  name: 'rule-split-in-two',
  severity: 'warning',
  summary: 'Peers and ports are two rules; was one rule with both meant?',
  check(input) {
    const rules = rulesOfPolicies(input)
    const neighboursOf = createNeighbours(rules)
    return rules.flatMap((one) => {
      const { policy, direction, rule } = one
      if (rule.peers === 'anyone' || rule.ports !== 'any') return []
      const next = neighboursOf(one).find(
        (other) => other.policy === policy && other.rule.index === rule.index + 1,
      )?.rule
      if (next === undefined || next.peers !== 'anyone' || next.ports === 'any') return []
      const ports = next.ports
      // DNS for all, beside what else is needed, is a habit and no mistake.
      if (direction === 'egress' && ports.every((port) => port.kind === 'range' && port.to === 53)) return []
      const certainty = certaintyOf(destinationsOf(input, one), ports, input)
      if (certainty === 'none' || (certainty === 'not said' && direction === 'egress')) return []
      const list = direction === 'ingress' ? 'from' : 'to'
      const message = `and ${direction}[${next.index}] are two rules: ${list} these peers on every port, and ${list} everybody on these ports`
      const hint = `take away the dash before ports to have both in one rule`
      return [remarkOn(policy, { direction, rule }, message, hint, certainty === 'not said' ? 'note' : undefined)]
    })
  },
}

/** Whose ports they are. */
function destinationsOf(
  { cluster: { graph } }: LintInput,
  { policy, direction, rule, pods }: RuleOfPolicy,
): readonly Pod[] {
  if (direction === 'ingress') return [...pods]
  const groups = (rule.peers === 'anyone' ? [] : rule.peers).flatMap((peer) =>
    peer.kind === 'pods' ? [peerGroup(peer, policy.namespace)] : [],
  )
  return podIndexOf(graph)
    .inGroups(groups)
    .map(({ pod }) => pod)
}

/** Are the ports all that these pods have? */
function certaintyOf(
  pods: readonly Pod[],
  ports: readonly RulePort[],
  { raw }: LintInput,
): 'all of them' | 'none' | 'not said' {
  const declared = pods.map((pod) => ({ pod, own: declaredPorts(raw, pod) }))
  if (declared.length === 0 || declared.some(({ own }) => own.length === 0)) return 'not said'
  const isAmong = declared.every(({ pod, own }) =>
    own.every(({ number, protocol }) => ports.some((port) => holds(port, pod, number, protocol))),
  )
  return isAmong ? 'all of them' : 'none'
}

function holds(port: Exclude<PolicyRule['ports'], 'any'>[number], pod: Pod, number: number, protocol: string): boolean {
  if (port.protocol !== protocol) return false
  switch (port.kind) {
    case 'all':
      return true
    case 'range':
      return port.from <= number && number <= port.to
    case 'name':
      return pod.ports.some((own) => own.name === port.name && own.protocol === protocol && own.number === number)
  }
}
