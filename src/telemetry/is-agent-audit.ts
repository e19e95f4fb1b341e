import type { AgentAudit } from './agent-audit.ts'
import { isRecord } from './ask-agent.ts'
import { isRuleUse } from './is-agent-rules.ts'
import { isAddress, isDirection, isNamedPod, isSoundProtocol } from './sound-flows.ts'
import { isAge, isCount, isInstant, isListOf, isOfAgent, isText } from './sound-parts.ts'

/** Is it what an agent says of audited policies, with everything in it as it says? */
export function isAgentAudit(answer: unknown): answer is AgentAudit {
  if (!isOfAgent(answer)) return false
  const { established, window, policies, rules, denies, opens, strays } = answer
  return (
    (established === 'rejudge' || established === 'keep') &&
    isRecord(window) &&
    isSince(window) &&
    isText(window['because']) &&
    isListOf(policies, isPolicy) &&
    (rules === undefined || isListOf(rules, isRuleUse)) &&
    isListOf(denies, isRow) &&
    isListOf(opens, isRow) &&
    isRecord(strays) &&
    isCount(strays['invalid']) &&
    (strays['bridgeLocal'] === null || isCount(strays['bridgeLocal']))
  )
}

function isPolicy(value: Readonly<Record<string, unknown>>): boolean {
  const { policy, content, pods, problem } = value
  return (
    isText(policy) && (content === undefined || isText(content)) && isSince(value) && isCount(pods) && isText(problem)
  )
}

function isRow(value: Readonly<Record<string, unknown>>): boolean {
  const { node, from, to, carries, direction, policies, packets, lastAge, firstAge, doubt } = value
  return (
    isText(node) &&
    isEnd(from) &&
    isEnd(to) &&
    isRecord(carries) &&
    isSoundProtocol(carries) &&
    isDirection(direction) &&
    Array.isArray(policies) &&
    policies.every(isText) &&
    isCount(packets) &&
    isAge(lastAge) &&
    isAge(firstAge) &&
    (doubt === 'none' || doubt === 'late answer' || doubt === 'direction unknown')
  )
}

/** As an agent names it: it knows pods, and no nodes. */
function isEnd(value: unknown): boolean {
  if (!isRecord(value) || !isAddress(value['address'])) return false
  if (value['kind'] === 'address') return true
  const { gone } = value
  return value['kind'] === 'pod' && isNamedPod(value) && (gone === undefined || gone === true)
}

function isSince(value: Readonly<Record<string, unknown>>): boolean {
  return (value['since'] === null || isInstant(value['since'])) && isAge(value['age'])
}
