import type { Block } from '../addresses/block.ts'
import { blockContains } from '../addresses/block-range.ts'
import { formatBlock } from '../addresses/format-block.ts'
import { parseAddressLeniently } from '../addresses/parse-address.ts'
import { type ParsedBlock, parseBlock } from '../addresses/parse-block.ts'
import { formatAddress } from '../addresses/format-address.ts'
import { type FieldPath, formatFieldPath } from './field-path.ts'
import { invalidValue, requiredValue } from './field-problems.ts'
import type { BlockPeer } from './objects.ts'
import type { Problems } from './problems.ts'
import { quote } from './quote.ts'
import { readList, readMapping, readString } from './read-fields.ts'
import { checkFields } from './unknown-fields.ts'
import { withoutSpareRoom } from './without-spare-room.ts'

const WILL_BE_INVALID = 'will be considered invalid in a future Kubernetes release'

/**
 * A networking/v1 IPBlock; undefined when it is refused, as for an except that is not inside its block. One that equals
 * its block is told and leaves nothing.
 */
export function decodeIpBlock(value: unknown, path: FieldPath, problems: Problems): BlockPeer | undefined {
  const refusals = problems.refusals()
  const fields = readMapping(value, path, problems)
  if (fields === undefined) return undefined
  checkFields(fields, 'block', path, problems)
  const block = readCidr(fields['cidr'], [...path, 'cidr'], problems)
  const excepts: Block[] = []
  const listPath = [...path, 'except']
  for (const [index, item] of (readList(fields['except'], listPath, problems) ?? []).entries()) {
    const except = readBlock(item, [...listPath, index], problems)
    if (except === undefined || block === undefined) continue
    checkInside(except, block, item, [...listPath, index], problems)
    if (blockContains(block, except)) excepts.push(except)
  }
  if (block === undefined || problems.refusals() > refusals) return undefined
  return { kind: 'block', block, excepts: withoutSpareRoom(excepts) }
}

function readCidr(value: unknown, path: FieldPath, problems: Problems): Block | undefined {
  if (value !== undefined && value !== null && value !== '') return readBlock(value, path, problems)
  problems.refuse(requiredValue(path, '', 'such as "10.0.0.0/8"'))
  return undefined
}

function readBlock(value: unknown, path: FieldPath, problems: Problems): Block | undefined {
  const refusals = problems.refusals()
  const text = readString(value, path, problems) ?? ''
  if (problems.refusals() > refusals) return undefined
  const parsed = parseBlock(text)
  if (parsed === undefined) {
    const detail = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
    problems.refuse(invalidValue(path, text, detail, hintForAddress(text)))
    return undefined
  }
  warnOfSpelling(text, parsed, path, problems)
  return parsed.block
}

/** What the API server takes in an old field like this, with a warning of its own. */
function warnOfSpelling(
  text: string,
  { block, hostBits, leadingZeros }: ParsedBlock,
  path: FieldPath,
  problems: Problems,
): void {
  const field = formatFieldPath(path)
  const hint = `it is read as "${formatBlock(block)}"`
  if (hostBits) {
    const warning = `${field}: CIDR value ${quote(text)} is ambiguous in this context`
    const address = text.slice(0, text.indexOf('/'))
    problems.warn({ code: 'host-bits', path, text: warning, hint: `${hint}; ${hintForAddress(address)}` })
  }
  if (leadingZeros) {
    const warning = `${field}: non-standard CIDR value ${quote(text)} ${WILL_BE_INVALID}`
    problems.warn({ code: 'leading-zeros', path, text: warning, hint })
  }
}

/** An address without prefix length is the usual slip. */
function hintForAddress(text: string): string {
  const parsed = parseAddressLeniently(text)
  if (parsed === undefined) return ''
  return `for this one address write "${formatAddress(parsed.address)}/${parsed.address.family === 'IPv4' ? 32 : 128}"`
}

function checkInside(except: Block, block: Block, written: unknown, path: FieldPath, problems: Problems): void {
  if (blockContains(block, except) && except.prefix > block.prefix) return
  const problem = invalidValue(path, written, 'must be a strict subset of `cidr`', whyOutside(except, block))
  // Objects from before this was checked may carry an except that equals its cidr: it leaves nothing.
  if (blockContains(block, except)) problems.tell(problem)
  else problems.refuse(problem)
}

function whyOutside(except: Block, block: Block): string {
  if (except.family !== block.family) return `it is ${except.family} and cidr is ${block.family}`
  if (blockContains(except, block)) return `it covers all of ${formatBlock(block)}: nothing is left`
  return `it lies outside ${formatBlock(block)}`
}
