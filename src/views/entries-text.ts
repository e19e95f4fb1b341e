import type { Entry } from '../../compiler/explain/entries.ts'
import { printable } from '../../compiler/objects/quote.ts'

const MARKS = { true: '✓', false: '✗', undefined: '?' } as const

/** Ways from outside, one a line: whether it gets there, through whom, to whom, and why not. */
export function entryLines(entries: readonly Entry[]): readonly string[] {
  return entries.map((entry) => `${entryMark(entry)} ${entryText(entry)}`)
}

/** Whether it gets there: yes, no, or the input does not say. */
export function entryMark({ passes }: Pick<Entry, 'passes'>): string {
  return MARKS[String(passes) as keyof typeof MARKS]
}

/** `Ingress shop/web example.org/ → ingress/controller → shop/web  TCP 8080: why not`. */
export function entryText({ by, asked, through, to, ports, why }: Entry): string {
  const way = [`${by} ${printable(asked)}`, through.join(', ') || 'a controller that the input does not have', to]
  return `${way.join(' → ')}${ports === '' ? '' : `  ${ports}`}${why === '' ? '' : `: ${why}`}`
}

/** As in JSON: `passes` is null where the input does not say. */
export function entryJson({ passes, ...entry }: Entry): object {
  return { ...entry, passes: passes ?? null }
}
