import type { Diagnostic } from '../objects/diagnostic.ts'
import { nearestWord } from '../objects/did-you-mean.ts'
import type { FieldPath } from '../objects/field-path.ts'
import { requiredValue, wrongType } from '../objects/field-problems.ts'
import { FLOW_LIST } from '../objects/flow-list-kind.ts'
import { createLabelInterner } from '../objects/label-set.ts'
import { createProblems, type Problems } from '../objects/problems.ts'
import { quote } from '../objects/quote.ts'
import { eachDocument } from '../objects/read-documents.ts'
import { type Fields, isFields, readBoolean, readList } from '../objects/read-fields.ts'
import type { SourceText } from '../objects/read-objects.ts'
import type { SourceDocument } from '../objects/source-document.ts'
import { decodeFlow, decodeFolded, VERDICTS } from './decode-flow.ts'
import { isMissing, readNumber, readPart, readText, readTime, readRequiredWord } from './flow-fields.ts'
import type { FlowList, FlowNode, FlowWindow } from './flow-list.ts'

export interface FlowListRead {
  /** Undefined when anything in it is an error: half of what was seen would be no ground to judge by. */
  readonly list: FlowList | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Of a file with hundreds of thousands of flows that some other program wrote, nobody reads more. */
const MOST_PROBLEMS = 20

/** A file of `selvedge flows -o json`, one document; what is wrong with it is told with its place. */
export function readFlowList({ file, text }: SourceText): FlowListRead {
  const diagnostics: Diagnostic[] = []
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic)
  const [document, second] = [...eachDocument(file, text, report)]
  if (document === undefined) {
    if (diagnostics.length === 0) report(noFlowList('is empty', { file, line: 1, column: 1 }))
    return { list: undefined, diagnostics }
  }
  const { value } = document
  if (!isFlowList(value)) report(otherDocument(document))
  else if (second !== undefined) report(noFlowList('may hold one document only', second.place([])))
  else {
    const context = { report, place: document.place, internLabels: createLabelInterner() }
    const list = decodeList(
      value,
      createProblems(context, () => FLOW_LIST.kind),
    )
    if (diagnostics.length === 0) return { list, diagnostics }
  }
  return { list: undefined, diagnostics }
}

function decodeList(value: Fields, problems: Problems): FlowList | undefined {
  readPart(value, 'document', [], problems)
  const window = decodeWindow(value['window'], ['window'], problems)
  const nodes = decodeItems(value['nodes'], ['nodes'], problems, decodeNode)
  if (isMissing(value['flows'])) problems.refuse(requiredValue(['flows'], ''))
  const flows = decodeItems(value['flows'], ['flows'], problems, decodeFlow)
  const folded = decodeItems(value['folded'], ['folded'], problems, decodeFolded)
  return window && { window, nodes, flows, folded }
}

function decodeItems<Item>(
  value: unknown,
  path: FieldPath,
  problems: Problems,
  decode: (item: unknown, path: FieldPath, problems: Problems) => Item | undefined,
): readonly Item[] {
  const decoded: Item[] = []
  let refused = 0
  for (const [index, item] of (readList(value, path, problems) ?? []).entries()) {
    const one = decode(item, [...path, index], problems)
    if (one !== undefined) decoded.push(one)
    else if ((refused += 1) === MOST_PROBLEMS) break
  }
  return decoded
}

function decodeWindow(value: unknown, path: FieldPath, problems: Problems): FlowWindow | undefined {
  const fields = readPart(value, 'window', path, problems)
  if (fields === undefined) return undefined
  const from = readTime(fields['from'], [...path, 'from'], problems)
  const to = readTime(fields['to'], [...path, 'to'], problems)
  if (to < from) problems.refuse(wrongType([...path, 'to'], to, 'no earlier than "from"'))
  return { from, to }
}

function decodeNode(value: unknown, path: FieldPath, all: Problems): FlowNode | undefined {
  const problems = all.part()
  const fields = readPart(value, 'node', path, problems)
  if (fields === undefined) return undefined
  const name = readText(fields['name'], [...path, 'name'], problems)
  const answered = readBoolean(fields['answered'], [...path, 'answered'], problems)
  if (!answered) {
    const problem = readText(fields['problem'], [...path, 'problem'], problems)
    return problems.refusals() > 0 ? undefined : { name, answered, problem }
  }
  const since = readTime(fields['since'], [...path, 'since'], problems)
  const observes = readBoolean(fields['observes'], [...path, 'observes'], problems)
  const lost = decodeLost(fields['lost'], [...path, 'lost'], problems)
  const full = (readList(fields['full'], [...path, 'full'], problems) ?? []).flatMap(
    (word, index) => readRequiredWord(word, VERDICTS, [...path, 'full', index], problems) ?? [],
  )
  return problems.refusals() > 0 ? undefined : { name, answered, since, observes, lost, full }
}

function decodeLost(value: unknown, path: FieldPath, problems: Problems): AnsweredNode['lost'] {
  const fields = readPart(value, 'lost', path, problems) ?? {}
  const number = (field: 'denied' | 'allowed') => readNumber(fields[field], [0, Infinity], [...path, field], problems)
  const denied = number('denied')
  return isMissing(fields['allowed']) ? { denied } : { denied, allowed: number('allowed') }
}

type AnsweredNode = Extract<FlowNode, { readonly answered: true }>

function isFlowList(value: unknown): value is Fields {
  return isFields(value) && value['kind'] === FLOW_LIST.kind && value['apiVersion'] === FLOW_LIST.apiVersion
}

function otherDocument({ value, place }: SourceDocument): Diagnostic {
  const wanted = `must have apiVersion: ${FLOW_LIST.apiVersion} and kind: ${FLOW_LIST.kind}`
  // Without its value: whatever this is, it may be somebody's secret.
  if (!isFields(value) || typeof value['kind'] !== 'string' || typeof value['apiVersion'] !== 'string') {
    return noFlowList(wanted, place([]), 'such a file is what "selvedge flows -o json" prints')
  }
  const { kind, apiVersion } = value
  if (kind === FLOW_LIST.kind) {
    const problem = `has the version ${quote(apiVersion)}`
    return noFlowList(problem, place(['apiVersion']), `use ${quote(FLOW_LIST.apiVersion)}`)
  }
  const near = nearestWord(kind, [FLOW_LIST.kind])
  const hint = near === undefined ? wanted : `did you mean "${near}"?`
  return noFlowList(`is of kind ${quote(kind)}`, place(['kind']), hint)
}

function noFlowList(problem: string, place: Diagnostic['place'], hint = ''): Diagnostic {
  return { severity: 'error', code: 'no-flow-list', problem: `the file of flows ${problem}`, hint, place }
}
