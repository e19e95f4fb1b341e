import type { AgentAudit } from './agent-audit.ts'
import { isRecord } from './ask-agent.ts'
import { isAddress, isAge, isInstant, isSoundProtocol, isWhole } from './sound-flows.ts'

/** More than any agent has room for. */
const MOST = 1_000_000

/**
 * Is it what an agent says of audited policies, with everything in it as it says? It may come from a node in whose hands nobody would
 * leave the program of whoever asks.
 */
export function isAgentAudit(answer: unknown): answer is AgentAudit {
  if (!isRecord(answer)) return false
  const { version, node, at, established, window, policies, denies, opens, strays } = answer
  return (
    isText(version) &&
    isText(node) &&
    isInstant(at) &&
    (established === 'rejudge' || established === 'keep') &&
    isRecord(window) &&
    isSince(window) &&
    isText(window['because']) &&
    isListOf(policies, isPolicy) &&
    isListOf(denies, isRow) &&
    isListOf(opens, isRow) &&
    isRecord(strays) &&
    isCount(strays['invalid']) &&
    (strays['bridgeLocal'] === null || isCount(strays['bridgeLocal']))
  )
}

function isPolicy(value: Readonly<Record<string, unknown>>): boolean {
  return isText(value['policy']) && isSince(value) && isCount(value['pods']) && isText(value['problem'])
}

function isRow(value: Readonly<Record<string, unknown>>): boolean {
  const { node, from, to, carries, direction, policies, packets, lastAge, firstAge, doubt } = value
  return (
    isText(node) &&
    isEnd(from) &&
    isEnd(to) &&
    isRecord(carries) &&
    isSoundProtocol(carries) &&
    (direction === 'ingress' || direction === 'egress') &&
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
  const { kind, namespace, name, workload, createdAt } = value
  const isWorkload =
    workload === undefined || (isRecord(workload) && isText(workload['kind']) && isText(workload['name']))
  return kind === 'pod' && isText(namespace) && isText(name) && isText(createdAt) && isWorkload
}

function isSince(value: Readonly<Record<string, unknown>>): boolean {
  return (value['since'] === null || isInstant(value['since'])) && isAge(value['age'])
}

function isListOf(list: unknown, isOne: (value: Readonly<Record<string, unknown>>) => boolean): boolean {
  return Array.isArray(list) && list.length <= MOST && list.every((one) => isRecord(one) && isOne(one))
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isCount(value: unknown): boolean {
  return isWhole(value, Number.MAX_SAFE_INTEGER)
}
