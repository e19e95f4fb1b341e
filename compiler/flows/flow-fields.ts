import type { FieldPath } from '../objects/field-path.ts'
import { requiredValue, wrongType } from '../objects/field-problems.ts'
import type { Problems } from '../objects/problems.ts'
import { type Fields, isFields, readString } from '../objects/read-fields.ts'
import { readWord } from '../objects/read-word.ts'
import { unknownFields } from '../objects/unknown-field.ts'

/** Every field of selvedge.io/v1alpha1 FlowList, by the mapping that it belongs in (docs/flows.schema.json). */
export const FLOW_FIELDS = {
  document: ['apiVersion', 'kind', 'metadata', 'window', 'nodes', 'flows', 'folded'],
  window: ['from', 'to'],
  node: ['name', 'answered', 'since', 'observes', 'lost', 'full', 'problem'],
  flow: [
    'source',
    'destination',
    'service',
    'protocol',
    'port',
    'icmp',
    'number',
    'count',
    'verdict',
    'direction',
    'reason',
    'firstSeen',
    'lastSeen',
    'lateAnswer',
    'uncertain',
    'unconfirmed',
  ],
  folded: ['node', 'source', 'verdict', 'flows', 'ports', 'addresses', 'count', 'firstSeen', 'lastSeen'],
  lost: ['denied', 'allowed'],
  end: ['kind', 'namespace', 'name', 'workload', 'address'],
  service: ['namespace', 'name', 'port'],
  icmp: ['type', 'code'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** The fields of a mapping that has to be there, and has no unknown ones. */
export function readPart(
  value: unknown,
  home: keyof typeof FLOW_FIELDS,
  path: FieldPath,
  problems: Problems,
): Fields | undefined {
  if (!isFields(value)) {
    problems.refuse(isMissing(value) ? requiredValue(path, '') : wrongType(path, value, 'a mapping'))
    return undefined
  }
  for (const problem of unknownFields(value, FLOW_FIELDS[home], path, () => [])) problems.refuse(problem)
  return value
}

/** A text that has to be there; empty after it has been refused. */
export function readText(value: unknown, path: FieldPath, problems: Problems): string {
  const text = readString(value, path, problems)
  if (isMissing(value) || text === '') problems.refuse(requiredValue(path, ''))
  return text ?? ''
}

/** One of some words, which has to be there. */
export function readRequiredWord<Word extends string>(
  value: unknown,
  words: readonly Word[],
  path: FieldPath,
  problems: Problems,
): Word | undefined {
  return readText(value, path, problems) === '' ? undefined : readWord(value, words, path, problems)
}

/** A whole number between the two, both included, which has to be there; the smallest after it has been refused. */
export function readNumber(
  value: unknown,
  [least, most]: readonly [number, number],
  path: FieldPath,
  problems: Problems,
): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value
  problems.refuse(
    isMissing(value)
      ? requiredValue(path, '')
      : wrongType(
          path,
          value,
          most === Infinity ? `a whole number from ${least}` : `a number from ${least} to ${most}`,
        ),
  )
  return least
}

/** RFC 3339 in UTC, as we write it: such texts sort as the instants do. */
export function readTime(value: unknown, path: FieldPath, problems: Problems): string {
  const text = readText(value, path, problems)
  if (text !== '' && !TIME.test(text)) {
    problems.refuse(wrongType(path, text, 'a time in UTC', 'such as "2026-01-31T12:00:00Z"'))
  }
  return text
}

const TIME = /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ$/

export function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null
}
