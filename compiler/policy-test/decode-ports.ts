import { type FieldPath, formatFieldPath } from '../objects/field-path.ts'
import { requiredValue } from '../objects/field-problems.ts'
import type { Problems } from '../objects/problems.ts'
import { isFields, readList, readString } from '../objects/read-fields.ts'
import { type AskedPorts, everythingBut, parseAskedPort, unionAskedPorts } from './asked-ports.ts'
import { checkTestFields } from './test-fields.ts'

/** `ports` of an assertion: a list, or `{not: LIST}`; undefined where there is none, or it is refused. */
export function decodePorts(value: unknown, path: FieldPath, problems: Problems): AskedPorts | undefined {
  if (value === undefined || value === null) return undefined
  if (isFields(value)) {
    checkTestFields(value, 'ports', path, problems)
    const but = decodeList(value['not'], [...path, 'not'], problems)
    if (but === undefined || but.names.length === 0) return but && everythingBut(but)
    const text = `${formatFieldPath([...path, 'not'])}: a port name cannot be left out`
    problems.refuse({ code: 'port-name', path: [...path, 'not'], text, hint: 'write its number' })
    return undefined
  }
  return decodeList(value, path, problems)
}

function decodeList(value: unknown, path: FieldPath, problems: Problems): AskedPorts | undefined {
  const items = readList(value, path, problems)
  if (items === undefined) return undefined
  if (items.length === 0) {
    problems.refuse(requiredValue(path, 'must name a port', 'leave ports out, or write such as [8080, 53/UDP, icmp]'))
    return undefined
  }
  const asked = items.map((item, index) => decodePort(item, [...path, index], problems))
  return unionAskedPorts(asked.flatMap((one) => one ?? []))
}

function decodePort(value: unknown, path: FieldPath, problems: Problems): AskedPorts | undefined {
  const text = typeof value === 'number' ? String(value) : readString(value, path, problems)
  return text === undefined ? undefined : askedPort(text, path, problems)
}

/** One port as text, with its problems told at this place. */
export function askedPort(text: string, path: FieldPath, problems: Problems): AskedPorts | undefined {
  const asked = parseAskedPort(text)
  if (!('kind' in asked)) return asked
  problems.refuse({ code: 'port', path, text: `${formatFieldPath(path)}: ${asked.problem}`, hint: asked.hint })
  return undefined
}
