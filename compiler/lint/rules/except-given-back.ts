import { blockRange } from '../../addresses/block-range.ts'
import { formatBlock } from '../../addresses/format-block.ts'
import { rangesCover } from '../../addresses/ranges.ts'
import { podName } from '../../objects/pod-name.ts'
import { rulePeers } from '../../graph/rule-peers.ts'
import type { PolicyRule } from '../../objects/objects.ts'
import { type LintRule, remarkOn } from '../lint-rule.ts'
import { createNeighbours, type RuleOfPolicy, rulesOfPolicies } from '../policy-rules.ts'

/** An except only cuts from its own block. Another peer, rule or policy for the same pods may allow the same addresses. */
export const exceptGivenBack: LintRule = {
  name: 'except-given-back',
  severity: 'warning',
  summary: 'What an except takes out, another peer or rule gives back',
  check(input) {
    const rules = rulesOfPolicies(input)
    const neighboursOf = createNeighbours(rules)
    return rules.flatMap((one) => {
      const { policy, direction, rule } = one
      return (rule.peers === 'anyone' ? [] : rule.peers).flatMap((peer) => {
        if (peer.kind !== 'block') return []
        return peer.excepts.flatMap((except) => {
          const giver = neighboursOf(one).find(
            (other) => together(one, other) && portsMeet(rule, other.rule) && givesBack(other, except),
          )
          if (giver === undefined) return []
          const { index } = giver.rule
          const where =
            giver.policy === policy ? `${direction}[${index}]` : `${podName(giver.policy)} ${direction}[${index}]`
          const message = `except ${formatBlock(except)} is given back by ${where}`
          return [
            remarkOn(
              policy,
              { direction, rule },
              message,
              'an except takes nothing from other peers, rules or policies',
            ),
          ]
        })
      })
    })
  },
}

/** For one pod at least both rules count. */
function together(one: RuleOfPolicy, other: RuleOfPolicy): boolean {
  if (one.direction !== other.direction) return false
  return one.policy === other.policy || [...one.pods].some((pod) => other.pods.has(pod))
}

/** All of it: a single address that is let in again was surely meant. */
function givesBack({ rule, policy }: RuleOfPolicy, except: Parameters<typeof blockRange>[0]): boolean {
  const peers = rulePeers(rule, policy.namespace)
  return peers.kind === 'anyone' || rangesCover(peers.ranges[except.family], [blockRange(except)])
}

function portsMeet(left: PolicyRule, right: PolicyRule): boolean {
  if (left.ports === 'any' || right.ports === 'any') return true
  const rightPorts = right.ports
  return left.ports.some((one) =>
    rightPorts.some((other) => {
      if (one.protocol !== other.protocol) return false
      if (one.kind === 'range' && other.kind === 'range') return one.from <= other.to && other.from <= one.to
      return (
        one.kind === 'all' ||
        other.kind === 'all' ||
        (one.kind === 'name' && other.kind === 'name' && one.name === other.name)
      )
    }),
  )
}
