import type { FieldPath } from '../objects/field-path.ts'
import { forbidden } from '../objects/field-problems.ts'
import type { Problems } from '../objects/problems.ts'
import { isFields } from '../objects/read-fields.ts'
import { decodeEnd, endOfFields, endOfText } from './decode-end.ts'
import { askedPort, decodePorts } from './decode-ports.ts'
import type { Destination } from './policy-test.ts'
import { checkTestFields } from './test-fields.ts'

/** An item of atMost: `shop/backend:8080`, `10.0.0.0/8:443`, `dns`, or a mapping of an end with its ports. */
export function decodeDestination(value: unknown, path: FieldPath, problems: Problems): Destination | undefined {
  if (typeof value === 'string') return destinationOfText(value, path, problems)
  if (!isFields(value)) {
    const end = decodeEnd(value, path, problems)
    return end && { end, ports: undefined }
  }
  checkTestFields(value, 'destination', path, problems)
  const { to, ...fields } = value as { to?: unknown }
  const ports = decodePorts(value['ports'], [...path, 'ports'], problems)
  if (to === undefined) {
    const end = endOfFields(fields, path, problems)
    return end && { end, ports }
  }
  const beside = Object.keys(fields).filter((field) => field !== 'ports')
  if (beside.length > 0) problems.refuse(forbidden([...path, 'to'], `may not stand beside ${beside.join(', ')}`))
  const end = decodeEnd(to, [...path, 'to'], problems)
  return end && { end, ports }
}

/** A port stands behind the last colon, in an IPv6 CIDR behind its prefix; an address with colons is written as a mapping. */
function destinationOfText(text: string, path: FieldPath, problems: Problems): Destination | undefined {
  const [, word, port] = /^(.*?(?:\/\d+)?):([^:/]+(?:\/[A-Za-z]+)?)$/.exec(text) ?? []
  const isAddress = word?.includes(':') === true && !word.includes('/')
  if (word === undefined || port === undefined || isAddress) {
    const end = endOfText(text, path, problems)
    return end && { end, ports: undefined }
  }
  const ports = askedPort(port, path, problems)
  const end = endOfText(word, path, problems)
  return end && { end, ports }
}
