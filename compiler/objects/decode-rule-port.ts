import { checkPortNumber } from './check-port-number.ts'
import { decodeProtocol } from './decode-protocol.ts'
import type { FieldPath } from './field-path.ts'
import { invalidValue, wrongType } from './field-problems.ts'
import { checkPortName } from './name-syntax.ts'
import type { RulePort } from './objects.ts'
import type { Problems } from './problems.ts'
import { readMapping } from './read-fields.ts'
import { checkFields } from './unknown-fields.ts'

/** One item of a rule's `ports` (networking/v1 NetworkPolicyPort); undefined when it is refused. */
export function decodeRulePort(value: unknown, path: FieldPath, problems: Problems): RulePort | undefined {
  const refusals = problems.refusals()
  const fields = readMapping(value, path, problems)
  if (fields === undefined) return undefined
  checkFields(fields, 'port', path, problems)
  const protocol = decodeProtocol(fields['protocol'], [...path, 'protocol'], problems)
  const port = readPort(fields['port'], [...path, 'port'], problems)
  const endPort = readEndPort(fields['endPort'], [...path, 'endPort'], problems)
  // A port of a wrong type has been told already; it is not as if there were none.
  const portIsReadable = port !== undefined || fields['port'] === undefined || fields['port'] === null
  if (endPort !== undefined && portIsReadable) checkEndPort(endPort, port, [...path, 'endPort'], problems)
  if (protocol === undefined || problems.refusals() > refusals) return undefined
  if (port === undefined) return { kind: 'all', protocol }
  if (typeof port === 'string') return { kind: 'name', protocol, name: port }
  return { kind: 'range', protocol, from: port, to: endPort ?? port }
}

/** A number or a name as written, checked or not; undefined when there is none or it is of another type. */
function readPort(value: unknown, path: FieldPath, problems: Problems): number | string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number') {
    checkPortNumber(value, path, problems)
    return value
  }
  if (typeof value !== 'string') {
    problems.refuse(wrongType(path, value, 'a port number or a port name'))
    return undefined
  }
  const hint = /^\d+$/.test(value) ? 'write a number without quotes' : ''
  for (const problem of checkPortName(value)) problems.refuse(invalidValue(path, value, problem, hint))
  return value
}

function readEndPort(value: unknown, path: FieldPath, problems: Problems): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number') return value
  const hint = typeof value === 'string' && /^\d+$/.test(value) ? 'write it without quotes' : ''
  problems.refuse(wrongType(path, value, 'an integer', hint))
  return undefined
}

function checkEndPort(endPort: number, port: number | string | undefined, path: FieldPath, problems: Problems): void {
  if (port === undefined) {
    problems.refuse(invalidValue(path, endPort, 'may not be specified when `port` is not specified'))
  } else if (typeof port === 'string') {
    problems.refuse(invalidValue(path, endPort, 'may not be specified when `port` is non-numeric'))
  } else {
    if (endPort < port) {
      const hint = `port is ${port}; a range begins at its lower number: port: ${endPort}, endPort: ${port}`
      problems.refuse(invalidValue(path, endPort, 'must be greater than or equal to `port`', hint))
    }
    checkPortNumber(endPort, path, problems)
  }
}
