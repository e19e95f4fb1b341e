import { canonicalAddress } from '../../compiler/addresses/canonical-address.ts'
import { familyOf } from '../../compiler/addresses/family-of.ts'
import type { Fate } from '../../compiler/nftables/recorded-sets.ts'
import { isRecord } from './ask-agent.ts'

/** As many flows as no kernel notes. */
const MOST_FLOWS = 1_000_000
/** A thousand years: more than a Date bears. */
const OLDEST_SECONDS = 31_536_000_000

/**
 * Is everything in these flows what it says? An answer that came by exec is as good as the node that gave it; whoever has that node must
 * not be able to end the program of whoever asks.
 */
export function areSoundFlows(flows: unknown): boolean {
  return Array.isArray(flows) && flows.length <= MOST_FLOWS && flows.every(isSoundFlow)
}

/** The same of flows that were too many to be kept one by one. */
export function areSoundFolded(folded: unknown): boolean {
  if (!Array.isArray(folded) || folded.length > MOST_FLOWS) return false
  return folded.every((one: unknown) => {
    if (!isRecord(one) || typeof one['node'] !== 'string' || !isFate(one['fate']) || !isAddress(one['source']))
      return false
    const counts = ['packets', 'flows', 'ports', 'addresses'].every((key) => isWhole(one[key], Number.MAX_SAFE_INTEGER))
    return counts && ['lastAge', 'firstAge'].every((key) => isWhole(one[key], OLDEST_SECONDS))
  })
}

export function isFate(value: unknown): value is Fate {
  return value === 'denied' || value === 'allowed'
}

/** RFC 3339, in the span that a Date bears. */
export function isInstant(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value))
}

/** Seconds. */
export function isAge(value: unknown): boolean {
  return isWhole(value, OLDEST_SECONDS)
}

function isSoundFlow(flow: unknown): boolean {
  if (!isRecord(flow)) return false
  const { source, destination, carries, directed, node } = flow
  return (
    typeof node === 'string' &&
    isAddress(source) &&
    isAddress(destination) &&
    familyOf(source) === familyOf(destination) &&
    typeof directed === 'boolean' &&
    isWhole(flow['packets'], Number.MAX_SAFE_INTEGER) &&
    isAge(flow['lastAge']) &&
    isAge(flow['firstAge']) &&
    isRecord(carries) &&
    isSoundProtocol(carries)
  )
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

export function isWhole(value: unknown, most: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most
}
