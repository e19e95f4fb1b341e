import { wrap } from '../views/text-table.ts'

/** A verdict by packets that is not the compiler's. */
export interface Difference {
  /** When: what had been done last. */
  readonly step: string
  readonly from: string
  /** Name and port. */
  readonly to: string
  /** What the packets did; the compiler says the opposite. */
  readonly open: boolean
}

const MOST_SHOWN = 12

/** The sum: how many verdicts there were, and each that differs from what was compiled, as far as a screen has room. */
export function reachabilityVerdict(
  verdicts: number,
  differences: readonly Difference[],
  width: number,
): readonly string[] {
  if (differences.length === 0) return wrap(`${verdicts} verdicts by packets, all as compiled.`, width)
  const shown = differences.slice(0, MOST_SHOWN).flatMap(({ step, from, to, open }) => {
    const packets = open ? 'packets arrive, though compiled as closed' : 'no packet arrives, though compiled as open'
    return wrap(`${step}: ${from} → ${to}: ${packets}`, width - 2).map((line) => `  ${line}`)
  })
  const more = differences.length - MOST_SHOWN
  return [
    ...wrap(`${verdicts} verdicts by packets, ${differences.length} NOT as compiled:`, width),
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}
