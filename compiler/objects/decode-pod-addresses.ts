import { formatAddress } from '../addresses/format-address.ts'
import { parseAddressLeniently } from '../addresses/parse-address.ts'
import { type FieldPath, formatFieldPath } from './field-path.ts'
import { invalidValue } from './field-problems.ts'
import type { Problems } from './problems.ts'
import { quote } from './quote.ts'
import { type Fields, readList, readMapping, readString } from './read-fields.ts'

const NO_ADDRESSES: readonly string[] = []

/** status.podIPs, or status.podIP where the list is missing: canonical text, none twice. What is no address is left out. */
export function decodePodAddresses(status: Fields, problems: Problems): readonly string[] {
  const listPath: FieldPath = ['status', 'podIPs']
  const list = readList(status['podIPs'], listPath, problems) ?? []
  const addresses = new Set<string>()
  for (const [index, item] of list.entries()) {
    const fields = readMapping(item, [...listPath, index], problems)
    addAddress(fields?.['ip'], [...listPath, index, 'ip'], problems, addresses)
  }
  if (list.length === 0) addAddress(status['podIP'], ['status', 'podIP'], problems, addresses)
  return addresses.size === 0 ? NO_ADDRESSES : [...addresses]
}

function addAddress(value: unknown, path: FieldPath, problems: Problems, into: Set<string>): void {
  const text = readString(value, path, problems) ?? ''
  if (text === '') return
  const parsed = parseAddressLeniently(text)
  if (parsed === undefined) {
    problems.refuse(invalidValue(path, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'))
    return
  }
  const canonical = formatAddress(parsed.address)
  if (parsed.leadingZeros) {
    const problem = `non-standard IP address ${quote(text)} will be considered invalid in a future Kubernetes release`
    const hint = `it is read as "${canonical}"`
    problems.warn({ code: 'leading-zeros', path, text: `${formatFieldPath(path)}: ${problem}`, hint })
  }
  into.add(canonical)
}
