/**
 * The bits of the conntrack mark that a rule reads or changes, from its expressions as `nft -j` prints them. An expression
 * that this cannot follow counts as all 32 bits.
 */
export function markBits(expression: unknown): number {
  if (Array.isArray(expression)) return any(expression.map(markBits))
  if (typeof expression !== 'object' || expression === null) return 0
  if (isMark(expression)) return ALL
  const { mangle, '&': and } = expression as { mangle?: Mangle; '&'?: unknown }
  if (mangle !== undefined && isMark(mangle.key)) return changedBits(mangle.value)
  if (Array.isArray(and) && and.length === 2 && typeof and[1] === 'number') return (markBits(and[0]) & and[1]) >>> 0
  return any(Object.values(expression).map(markBits))
}

interface Mangle {
  readonly key?: unknown
  readonly value?: unknown
}

const ALL = 0xffffffff

/** The bits that differ from before when the mark becomes this value: `ct mark & M | V` keeps M but for V. */
function changedBits(value: unknown): number {
  if (isMark(value)) return 0
  const { '&': and, '|': or, '^': xor } = (value ?? {}) as { '&'?: unknown; '|'?: unknown; '^'?: unknown }
  const keeps = operands(and)
  if (keeps !== undefined) return any([changedBits(keeps[0]), ~keeps[1]])
  const sets = operands(or) ?? operands(xor)
  if (sets !== undefined) return any([changedBits(sets[0]), sets[1]])
  return ALL
}

function operands(pair: unknown): readonly [unknown, number] | undefined {
  return Array.isArray(pair) && pair.length === 2 && typeof pair[1] === 'number' ? [pair[0], pair[1]] : undefined
}

function isMark(expression: unknown): boolean {
  return (expression as { ct?: { key?: unknown } } | null)?.ct?.key === 'mark'
}

function any(bits: readonly number[]): number {
  return bits.reduce((joined, more) => (joined | more) >>> 0, 0)
}
