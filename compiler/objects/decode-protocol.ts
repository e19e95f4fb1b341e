import { nearestWord } from './did-you-mean.ts'
import type { FieldPath } from './field-path.ts'
import { unsupportedValue } from './field-problems.ts'
import type { Problems } from './problems.ts'
import { readString } from './read-fields.ts'
import { PROTOCOLS, type Protocol } from './protocol.ts'

/** A core/v1 Protocol; TCP when it is missing, undefined when it is refused. */
export function decodeProtocol(value: unknown, path: FieldPath, problems: Problems): Protocol | undefined {
  if (value === undefined || value === null) return 'TCP'
  const protocol = PROTOCOLS.find((known) => known === value)
  if (protocol !== undefined) return protocol
  if (typeof value === 'string') problems.refuse(unsupportedValue(path, value, PROTOCOLS, hintFor(value)))
  else readString(value, path, problems)
  return undefined
}

function hintFor(written: string): string {
  if (/^icmp/i.test(written)) return 'a rule without ports lets ICMP pass too; nothing narrower can'
  const nearest = nearestWord(written, PROTOCOLS)
  return nearest === undefined ? '' : `did you mean "${nearest}"?`
}
