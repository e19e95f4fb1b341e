import type { Cursor } from './cursor.ts'
import { readName } from './names.ts'

export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'reject' | 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }

/** Reads a verdict as rules and map elements have it; undefined when there is none. `reject` is no verdict but a statement. */
export function readVerdict(cursor: Cursor): Verdict | undefined {
  const { kind, text } = cursor.peek()
  if (kind !== 'word') return undefined
  switch (text) {
    case 'accept':
    case 'drop':
    case 'return':
      cursor.next()
      return { kind: text }
    case 'jump':
    case 'goto':
      cursor.next()
      return { kind: text, chain: readName(cursor, 'chain') }
    default:
      return undefined
  }
}

/** Where it leads, if to a chain. */
export function verdictTarget(verdict: Verdict | undefined): string | undefined {
  return verdict?.kind === 'jump' || verdict?.kind === 'goto' ? verdict.chain : undefined
}

export function verdictText(verdict: Verdict): string {
  return verdict.kind === 'jump' || verdict.kind === 'goto' ? `${verdict.kind} ${verdict.chain}` : verdict.kind
}
