import type { Diagnostic } from './diagnostic.ts'
import { FLOW_LIST } from './flow-list-kind.ts'
import { quote } from './quote.ts'
import type { ParsedDocument } from './parse-yaml.ts'
import { type Fields, isFields } from './read-fields.ts'

/** A `List`, or a list of one kind such as PodList: its items stand for themselves, as kubectl has it. */
export const LIST_KIND = /^[A-Za-z]*List$/

/** The objects that a document stands for: itself, or the items of a list and of lists inside. */
export function flattenList(
  document: ParsedDocument,
  report: (diagnostic: Diagnostic) => void,
): readonly ParsedDocument[] {
  const objects: ParsedDocument[] = []
  const left = [document]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const items = itemsOf(next, report)
    if (items === undefined) objects.push(next)
    else for (const item of items.toReversed()) left.push(item)
  }
  return objects
}

/** Undefined when it is no list. */
function itemsOf(
  { value, locator }: ParsedDocument,
  report: (diagnostic: Diagnostic) => void,
): readonly ParsedDocument[] | undefined {
  if (!isFields(value) || typeof value['kind'] !== 'string' || !LIST_KIND.test(value['kind'])) return undefined
  // A list by its name only: without this, whoever gives one as manifests would be told nothing.
  if (value['kind'] === FLOW_LIST.kind) return undefined
  const items = value['items'] ?? []
  if (Array.isArray(items)) {
    return items.map((item: unknown, index) => ({ value: withKind(item, value), locator: locator.item(index) }))
  }
  const problem = `items: Invalid value: ${quote(items)}: must be a list`
  report({ severity: 'error', code: 'wrong-type', problem, hint: '', place: locator.place(['items']) })
  return []
}

/** The API leaves kind and apiVersion out of the items of its lists. */
function withKind(item: unknown, list: Fields): unknown {
  const kind = (list['kind'] as string).slice(0, -'List'.length)
  if (kind === '' || !isFields(item) || item['kind'] !== undefined) return item
  return { apiVersion: list['apiVersion'], kind, ...item }
}
