import type { ElementText } from './command.ts'
import { intervalText, readInterval } from './data-types.ts'
import type { Element, NftSet } from './nft-set.ts'
import type { Fault } from './read-commands.ts'
import type { Chain, TableState } from './table-state.ts'
import { keyOf } from './value.ts'
import { verdictTarget, verdictText } from './verdict.ts'

/** What the table will be when the transaction is committed. */
export interface Draft {
  readonly chains: Map<string, Chain>
  readonly sets: Map<string, NftSet>
  /** Chains that map elements taken out by this transaction led to. */
  readonly led: Set<string>
}

export function draftOf(state: TableState | undefined): Draft {
  return { chains: new Map(state?.chains), sets: new Map(state?.sets), led: new Set() }
}

/** Adds elements; one that stands already is no error in a set without intervals, as in nft. */
export function addElements(draft: Draft, name: string, texts: readonly ElementText[], fault: Fault): void {
  const set = findSet(draft, name, fault)
  const elements = new Map(set.elements)
  for (const text of texts) {
    if ((set.kind === 'map') !== (text.verdict !== undefined)) {
      throw fault(set.kind === 'map' ? 'a map element without a verdict' : 'a verdict in a set', text.line)
    }
    const element = { ...readKey(set, text, fault), comment: text.comment, verdict: text.verdict }
    const target = verdictTarget(element.verdict)
    if (target !== undefined) checkTarget(draft, target, (message) => fault(message, text.line))
    const old = elements.get(element.key)
    if (old !== undefined && set.interval) throw fault('the element is already in the interval set', text.line)
    if (old?.verdict !== undefined && element.verdict !== undefined) {
      if (verdictText(old.verdict) !== verdictText(element.verdict)) {
        throw fault('File exists: the key has another verdict', text.line)
      }
    }
    if (set.interval) checkDisjoint(set, elements.values(), element, text, fault)
    // What stands keeps what is noted beside it.
    elements.set(element.key, old ?? element)
  }
  draft.sets.set(name, { ...set, elements })
}

/** Takes elements out by their keys; nft fails when one is missing. */
export function deleteElements(draft: Draft, name: string, texts: readonly ElementText[], fault: Fault): void {
  const set = findSet(draft, name, fault)
  const elements = new Map(set.elements)
  for (const text of texts) {
    if (text.verdict !== undefined) throw fault('a map element is deleted by its key alone', text.line)
    const { key } = readKey(set, text, fault)
    const target = verdictTarget(elements.get(key)?.verdict)
    if (!elements.delete(key))
      throw fault(`No such file or directory: no element ${text.fields.join(' . ')}`, text.line)
    if (target !== undefined) draft.led.add(target)
  }
  draft.sets.set(name, { ...set, elements })
}

export function findSet(draft: Draft, name: string, fault: Fault): NftSet {
  const set = draft.sets.get(name)
  if (set === undefined) throw fault(`No such file or directory: no set ${name}`)
  return set
}

/** A chain that a jump, goto or map element may lead to. */
export function checkTarget(draft: Draft, name: string, fault: (message: string) => Error): void {
  const chain = draft.chains.get(name)
  if (chain === undefined) throw fault(`No such file or directory: no chain ${name}`)
  if (chain.base !== undefined) throw fault(`Operation not supported: ${name} is a base chain`)
}

function readKey(set: NftSet, { fields, line }: ElementText, fault: Fault): Pick<Element, 'key' | 'fields'> {
  if (fields.length !== set.type.length) {
    throw fault(`${fields.length} fields, and the key of ${set.name} has ${set.type.length}`, line)
  }
  const intervals = set.type.map((type, index) => {
    const interval = readInterval(type, fields[index] ?? '')
    if (typeof interval === 'string') throw fault(interval, line)
    if (interval.spread && !set.interval)
      throw fault(`a range or prefix in ${set.name}, which has no flag interval`, line)
    return interval
  })
  const texts = intervals.map((interval, index) => {
    const type = set.type[index]
    if (type === undefined) throw new Error('as many types as fields')
    return set.interval ? intervalText(type, interval) : keyOf(interval.first)
  })
  return { key: texts.join(' . '), fields: intervals }
}

/** The kernel accepts some overlaps of boxes and refuses others; here every one is refused. */
function checkDisjoint(
  set: NftSet,
  others: Iterable<Element>,
  element: Element,
  { line }: ElementText,
  fault: Fault,
): void {
  for (const other of others) {
    const overlap = element.fields.every(({ first, last }, index) => {
      const field = other.fields[index]
      return field !== undefined && first <= field.last && field.first <= last
    })
    if (overlap) throw fault(`conflicting intervals in ${set.name}: ${element.key} and ${other.key}`, line)
  }
}
