import { canonicalAddress } from '../../compiler/addresses/canonical-address.ts'
import { familyOf } from '../../compiler/addresses/family-of.ts'
import type { Fate } from '../../compiler/nftables/recorded-sets.ts'
import type { Direction } from '../../compiler/objects/direction.ts'
import { isRecord } from './ask-agent.ts'
import { isAge, isCount, isListOf, isText, isWhole } from './sound-parts.ts'

/** Is everything in these flows what it says? */
export function areSoundFlows(flows: unknown): boolean {
  return isListOf(flows, isSoundFlow)
}

/** The same of flows that were too many to be kept one by one. */
export function areSoundFolded(folded: unknown): boolean {
  return isListOf(
    folded,
    (one) =>
      isText(one['node']) &&
      isFate(one['fate']) &&
      isAddress(one['source']) &&
      isFormer(one['formerSource']) &&
      ['packets', 'flows', 'ports', 'addresses'].every((key) => isCount(one[key])) &&
      ['lastAge', 'firstAge'].every((key) => isAge(one[key])),
  )
}

/** Packets of one direction of a pod. */
export function areSoundTotals(totals: unknown): boolean {
  return isListOf(
    totals,
    ({ address, direction, packets }) => isAddress(address) && isDirection(direction) && isCount(packets),
  )
}

export function isFate(value: unknown): value is Fate {
  return value === 'denied' || value === 'allowed'
}

export function isDirection(value: unknown): value is Direction {
  return value === 'ingress' || value === 'egress'
}

function isSoundFlow(flow: Readonly<Record<string, unknown>>): boolean {
  const { source, destination, carries, directed, node } = flow
  return (
    isText(node) &&
    isAddress(source) &&
    isAddress(destination) &&
    isFormer(flow['formerSource']) &&
    isFormer(flow['formerDestination']) &&
    familyOf(source) === familyOf(destination) &&
    typeof directed === 'boolean' &&
    isCount(flow['packets']) &&
    isAge(flow['lastAge']) &&
    isAge(flow['firstAge']) &&
    isRecord(carries) &&
    isSoundProtocol(carries)
  )
}

/** An agent of an older version tells of none. */
function isFormer(pod: unknown): boolean {
  if (pod === undefined) return true
  if (!isRecord(pod) || !isText(pod['uid']) || !isNamedPod(pod)) return false
  const { labels, ports } = pod
  const areLabels = labels === undefined || (isRecord(labels) && Object.values(labels).every(isText))
  return areLabels && (ports === undefined || isListOf(ports, isNamedPort))
}

function isNamedPort({ name, protocol, number }: Readonly<Record<string, unknown>>): boolean {
  return isText(name) && (protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP') && isWhole(number, 65_535)
}

/** As an agent names a pod. */
export function isNamedPod(pod: Readonly<Record<string, unknown>>): boolean {
  const { namespace, name, createdAt, workload } = pod
  const isWorkload =
    workload === undefined || (isRecord(workload) && isText(workload['kind']) && isText(workload['name']))
  return isText(namespace) && isText(name) && isText(createdAt) && isWorkload
}

export function isSoundProtocol(carries: Readonly<Record<string, unknown>>): boolean {
  switch (carries['protocol']) {
    case 'TCP':
    case 'UDP':
    case 'SCTP':
      return isWhole(carries['port'], 65_535)
    case 'ICMP':
      return isWhole(carries['type'], 255) && isWhole(carries['code'], 255)
    case 'other':
      return isWhole(carries['number'], 255)
    default:
      return false
  }
}

export function isAddress(value: unknown): value is string {
  return typeof value === 'string' && canonicalAddress(value) === value
}
