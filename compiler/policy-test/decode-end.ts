import { formatBlock } from '../addresses/format-block.ts'
import { parseBlock } from '../addresses/parse-block.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import { decodeLabels } from '../objects/decode-labels.ts'
import { decodeSelector } from '../objects/decode-selector.ts'
import { type FieldPath, formatFieldPath } from '../objects/field-path.ts'
import { forbidden, invalidValue, requiredValue, wrongType } from '../objects/field-problems.ts'
import { checkDnsLabel } from '../objects/name-syntax.ts'
import type { Place } from '../objects/place.ts'
import type { Problems } from '../objects/problems.ts'
import { quote } from '../objects/quote.ts'
import { type Fields, isFields, readBoolean, readString } from '../objects/read-fields.ts'
import { createSelector, EVERYTHING, type Selector } from '../objects/selector.ts'
import type { End, EndMeaning, SelectedPods } from './policy-test.ts'
import { checkTestFields } from './test-fields.ts'

/** One end as written: a word, a mapping of selectors, `{not: END}`, or a list of ends; undefined when it is refused. */
export function decodeEnd(value: unknown, path: FieldPath, problems: Problems): End | undefined {
  if (typeof value === 'string') return endOfText(value, path, problems)
  if (Array.isArray(value)) return endOfList(value as readonly unknown[], path, problems)
  if (!isFields(value)) {
    problems.refuse(
      value === undefined || value === null
        ? requiredValue(path, 'must say who', 'such as shop/web, "*", outside, or {namespaces: {team: shop}}')
        : wrongType(path, value, 'a name, a mapping of selectors, or a list of these'),
    )
    return undefined
  }
  checkTestFields(value, 'end', path, problems)
  return endOfFields(value, path, problems)
}

/** The fields of one end, known ones only. */
export function endOfFields(fields: Fields, path: FieldPath, problems: Problems): End | undefined {
  const refusals = problems.refusals()
  const selecting = ['namespace', 'namespaces', 'pods', 'absent'].filter((field) => isSet(fields, field))
  if (isSet(fields, 'not')) {
    if (selecting.length > 0)
      problems.refuse(forbidden([...path, 'not'], `may not stand beside ${selecting.join(', ')}`))
    const end = decodeEnd(fields['not'], [...path, 'not'], problems)
    return end && made(`not ${inParentheses(end)}`, { kind: 'not', ends: [end] }, path, problems)
  }
  if (!['namespace', 'namespaces', 'pods'].some((field) => isSet(fields, field))) {
    problems.refuse(requiredValue(path, 'must have namespace, namespaces, pods or not', 'every pod is "*"'))
    return undefined
  }
  const selected = decodeSelected(fields, path, problems)
  return problems.refusals() > refusals ? undefined : made(selectedText(selected), selected, path, problems)
}

function decodeSelected(fields: Fields, path: FieldPath, problems: Problems): SelectedPods {
  const name = readString(fields['namespace'], [...path, 'namespace'], problems)
  if (name !== undefined) {
    for (const problem of checkDnsLabel(name)) problems.refuse(invalidValue([...path, 'namespace'], name, problem))
    if (isSet(fields, 'namespaces')) {
      const hint = 'namespace is one by its name, namespaces are all with these labels'
      problems.refuse(forbidden([...path, 'namespaces'], 'may not stand beside namespace', hint))
    }
  }
  const namespaces = labelsOrSelector(fields['namespaces'], [...path, 'namespaces'], problems)
  return {
    kind: 'selected',
    namespaces: name === undefined ? namespaces : namespaceCalled(name),
    pods: labelsOrSelector(fields['pods'], [...path, 'pods'], problems),
    absent: readBoolean(fields['absent'], [...path, 'absent'], problems),
  }
}

function labelsOrSelector(value: unknown, path: FieldPath, problems: Problems): Selector {
  if (!isFields(value) || 'matchLabels' in value || 'matchExpressions' in value) {
    return decodeSelector(value, path, problems) ?? EVERYTHING
  }
  const labels = decodeLabels(value, path, problems)
  return createSelector(labels.map(([key, text]) => ({ key, operator: 'In', values: [text] })))
}

function endOfList(items: readonly unknown[], path: FieldPath, problems: Problems): End | undefined {
  if (items.length === 0) problems.refuse(requiredValue(path, 'must name somebody'))
  const ends = items.map((item, index) => decodeEnd(item, [...path, index], problems)).flatMap((end) => end ?? [])
  const [only] = ends
  if (ends.length < items.length || only === undefined) return undefined
  return ends.length === 1
    ? only
    : made(ends.map(({ text }) => text).join(', '), { kind: 'any of', ends }, path, problems)
}

/** A word: `*`, `outside`, `shop/*`, a CIDR, `not WORD`, or what `explain` understands. */
export function endOfText(text: string, path: FieldPath, problems: Problems): End | undefined {
  const but = /^not\s+(.+)$/s.exec(text)?.[1]
  if (but !== undefined) {
    const end = endOfText(but, path, problems)
    return end && made(`not ${end.text}`, { kind: 'not', ends: [end] }, path, problems)
  }
  const meaning = meaningOf(text, path, problems)
  return meaning && made(meaning.kind === 'block' ? formatBlock(meaning.block) : text, meaning, path, problems)
}

function meaningOf(text: string, path: FieldPath, problems: Problems): EndMeaning | undefined {
  if (text === '*') return { kind: 'all' }
  if (text === 'outside') return { kind: 'outside' }
  const block = parseBlock(text)
  if (block !== undefined) {
    if (!block.hostBits) return { kind: 'block', block: block.block }
    const problem = `${formatFieldPath(path)}: ${quote(text)} has bits set behind its prefix`
    problems.refuse({ code: 'host-bits', path, text: problem, hint: `write ${formatBlock(block.block)}` })
    return undefined
  }
  const namespace = /^(?:([^/]+)\/)?\*$/.exec(text)?.[1]
  if (namespace !== undefined) {
    for (const problem of checkDnsLabel(namespace)) problems.refuse(invalidValue(path, text, problem))
    return { kind: 'selected', namespaces: namespaceCalled(namespace), pods: EVERYTHING, absent: false }
  }
  if (text !== '' && !/\s/.test(text)) return { kind: 'word', word: text }
  problems.refuse(invalidValue(path, text, 'must be a name, an address, a CIDR, "*" or outside'))
  return undefined
}

function namespaceCalled(name: string): Selector {
  return createSelector([{ key: NAMESPACE_NAME_LABEL, operator: 'In', values: [name] }])
}

function made(text: string, meaning: EndMeaning, path: FieldPath, problems: Problems): End {
  return { text, place: placeOf(path, problems), ...meaning }
}

/** Documents of files always have one. */
function placeOf(path: FieldPath, { context }: Problems): Place {
  return context.place(path) ?? { file: '', line: 1, column: 1 }
}

/** As people say it: `pods with app=api in shop`. */
export function selectedText({
  namespaces,
  pods,
  absent,
}: Pick<SelectedPods, 'namespaces' | 'pods' | 'absent'>): string {
  const [only, ...more] = namespaces.requirements
  const isNamed =
    only?.key === NAMESPACE_NAME_LABEL && only.operator === 'In' && only.values.length === 1 && more.length === 0
  const where = isNamed ? ` in ${only.values[0]}` : namespaces.key === '' ? '' : ` of namespaces with ${namespaces.key}`
  const which = pods.key === '' ? 'all pods' : `pods with ${pods.key}`
  return `${which}${where}${absent ? ' (maybe absent)' : ''}`
}

function inParentheses({ kind, text }: End): string {
  return kind === 'any of' ? `(${text})` : text
}

function isSet(fields: Fields, field: string): boolean {
  return fields[field] !== undefined && fields[field] !== null
}
