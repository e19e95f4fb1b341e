import type { DecodeContext } from '../objects/decode-context.ts'
import { type FieldPath, formatFieldPath } from '../objects/field-path.ts'
import { forbidden, requiredValue } from '../objects/field-problems.ts'
import { createProblems, type Problems } from '../objects/problems.ts'
import { type Fields, readList, readMapping, readString } from '../objects/read-fields.ts'
import { readWord } from '../objects/read-word.ts'
import { decodeDestination } from './decode-destination.ts'
import { decodeEnd } from './decode-end.ts'
import { decodePorts } from './decode-ports.ts'
import type { Assertion, PolicyTest } from './policy-test.ts'
import { checkTestFields } from './test-fields.ts'

/** A document of kind PolicyTest. What is wrong in it is told; a document with errors is not run. */
export function decodePolicyTest(value: Fields, context: DecodeContext): PolicyTest {
  const problems = createProblems(context, () => 'PolicyTest')
  checkTestFields(value, 'document', [], problems)
  readMapping(value['metadata'], ['metadata'], problems)
  const manifests = (readList(value['manifests'], ['manifests'], problems) ?? []).flatMap((item, index) => {
    const path: FieldPath = ['manifests', index]
    const text = readString(item, path, problems)
    if (text === '' || text === '-') problems.refuse(requiredValue(path, 'must be the path of a file or directory'))
    return text === undefined ? [] : [{ path: text, place: placeOf(path, problems) }]
  })
  const items = readList(value['tests'], ['tests'], problems) ?? []
  if (items.length === 0) problems.refuse(requiredValue(['tests'], 'must have a test'))
  const assertions = items.flatMap((item, index) => decodeAssertion(item, ['tests', index], problems) ?? [])
  return { place: placeOf([], problems), manifests, assertions }
}

function decodeAssertion(value: unknown, path: FieldPath, all: Problems): Assertion | undefined {
  const problems = all.part()
  const fields = readMapping(value, path, problems)
  if (fields === undefined) return undefined
  checkTestFields(fields, 'assertion', path, problems)
  const name = readString(fields['name'], [...path, 'name'], problems)
  const pods = readWord(fields['pods'], ['possible', 'input'], [...path, 'pods'], problems) ?? 'possible'
  const any = { place: placeOf(path, problems), pods }
  const says = ['expect', 'only', 'atMost'].filter((field) => isSet(fields, field))
  const [kind] = says
  if (kind === undefined || says.length > 1) {
    const detail = kind === undefined ? 'must say expect, only or atMost' : `may not say ${says.join(' and ')} at once`
    problems.refuse(kind === undefined ? requiredValue(path, detail) : forbidden(path, detail))
    return undefined
  }
  if (kind === 'only') {
    refuseBeside('only', ['from'], fields, path, problems)
    const to = decodeEnd(fields['to'], [...path, 'to'], problems)
    const ports = decodePorts(fields['ports'], [...path, 'ports'], problems)
    const listed = readList(fields['only'], [...path, 'only'], problems) ?? []
    const clients = listed.flatMap((item, index) => decodeEnd(item, [...path, 'only', index], problems) ?? [])
    if (to === undefined || problems.refusals() > 0) return undefined
    return { kind: 'only', ...any, name: name ?? `only these to ${to.text}`, to, ports, clients }
  }
  if (kind === 'atMost') {
    refuseBeside('atMost', ['to', 'ports'], fields, path, problems)
    const from = decodeEnd(fields['from'], [...path, 'from'], problems)
    const listed = readList(fields['atMost'], [...path, 'atMost'], problems) ?? []
    const destinations = listed.flatMap((item, index) => {
      return decodeDestination(item, [...path, 'atMost', index], problems) ?? []
    })
    if (from === undefined || problems.refusals() > 0) return undefined
    return { kind: 'at most', ...any, name: name ?? `at most these from ${from.text}`, from, destinations }
  }
  const expect = readWord(fields['expect'], ['allow', 'deny'], [...path, 'expect'], problems)
  const from = decodeEnd(fields['from'], [...path, 'from'], problems)
  const to = decodeEnd(fields['to'], [...path, 'to'], problems)
  const ports = decodePorts(fields['ports'], [...path, 'ports'], problems)
  if (expect === undefined || from === undefined || to === undefined || problems.refusals() > 0) return undefined
  return { kind: 'expect', ...any, name: name ?? `${from.text} → ${to.text}: ${expect}`, from, to, ports, expect }
}

function refuseBeside(
  word: string,
  others: readonly string[],
  fields: Fields,
  path: FieldPath,
  problems: Problems,
): void {
  for (const field of others.filter((one) => isSet(fields, one))) {
    const hint =
      word === 'only'
        ? 'the clients are the items of only'
        : 'the destinations, with their ports, are the items of atMost'
    problems.refuse({ ...forbidden([...path, field], `may not stand beside ${word}`, hint), part: 'key' })
  }
}

function placeOf(path: FieldPath, { context }: Problems): PolicyTest['place'] {
  return context.place(path) ?? { file: formatFieldPath(path), line: 1, column: 1 }
}

function isSet(fields: Fields, field: string): boolean {
  return fields[field] !== undefined && fields[field] !== null
}
