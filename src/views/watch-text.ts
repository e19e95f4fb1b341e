import type { DeniedRow } from '../../compiler/flows/denied-row.ts'
import { exactPodText, flowEndText } from '../../compiler/flows/flow-end.ts'
import { flowKey } from '../../compiler/flows/flow-key.ts'
import { portText } from '../../compiler/flows/fold-rows.ts'
import { deniedJson } from './denied-json.ts'
import { ageText } from './age-text.ts'
import { whyText } from './denied-text.ts'
import type { TextStyle } from './explanation-text.ts'
import { table, wrap } from './text-table.ts'

/** A denied flow that came, or has more packets than at the look before. */
export interface GrownRow {
  readonly row: DeniedRow
  readonly delta: number
  /** When it was found so: milliseconds since 1970. */
  readonly now: number
}

export interface ScreenStyle extends TextStyle {
  readonly height: number
}

/** One line of JSON Lines. */
export function watchJson({ row, delta, now }: GrownRow): string {
  const { count, services, ...rest } = deniedJson(row)
  const [door, ...others] = services
  const service = door === undefined || others.length > 0 ? {} : { service: door }
  return `${JSON.stringify({ time: new Date(now).toISOString(), count, delta, ...service, ...rest })}\n`
}

/** One line, uncut, for a pipe: what has a time in front can be sorted and searched. */
export function watchLine({ row, delta, now }: GrownRow): string {
  const { from, to, carries, packets } = row
  const text = [
    new Date(now).toISOString().slice(0, 19),
    `+${delta}`,
    `of ${packets}:`,
    `${exactPodText(from)} → ${exactPodText(to)}`,
    `${portText(carries)};`,
    whyText(row),
  ].join(' ')
  return `${wrap(text, Number.MAX_SAFE_INTEGER).join(' ')}\n`
}

const HEAD = ['LAST', 'NEW', 'COUNT', 'FROM', 'TO', 'PORT', 'WHY']
/** Cursor to the first place, and nothing after it. */
const CLEAR = '\u001b[H\u001b[J'

/** At an instant (milliseconds since 1970): the rows of before, with those that grew first; as many as the terminal has room for. */
export function watchScreen(
  before: readonly GrownRow[],
  grown: readonly GrownRow[],
  began: Date,
  { width, height }: ScreenStyle,
  now: number,
): { readonly rows: readonly GrownRow[]; readonly text: string } {
  const sums = new Map(before.map((one) => [rowKey(one), one]))
  for (const one of grown) {
    const known = sums.get(rowKey(one))
    sums.delete(rowKey(one))
    sums.set(rowKey(one), { ...one, delta: one.delta + (known?.delta ?? 0) })
  }
  const rows = [...sums.values()].slice(-MOST_ROWS)
  const shown = rows.toReversed().slice(0, Math.max(1, height - 4))
  const more = rows.length - shown.length
  const lines = [
    `denied since ${began.toISOString().slice(11, 19)} UTC${more > 0 ? `; ${more} further rows` : ''}; Ctrl-C ends it`,
    ...(shown.length === 0
      ? ['nothing yet']
      : table(
          HEAD,
          shown.map((one) => cellsOf(one, now)),
          width,
        )),
  ]
  return { rows, text: `${CLEAR}${lines.join('\n')}\n` }
}

/** Of a scan, the last ones: a screen has no room for more, and memory is none of its affair. */
const MOST_ROWS = 1_000

function rowKey({ row: { from, to, carries, directed, node } }: GrownRow): string {
  const ends = `${exactPodText(from)} ${exactPodText(to)}`
  return `${node} ${ends} ${flowKey({ source: from.address, destination: to.address, carries, directed })}`
}

function cellsOf({ row, delta, now: found }: GrownRow, now: number): readonly string[] {
  const { lastAge, packets, from, to, carries } = row
  const age = lastAge + (now - found) / 1000
  return [
    ageText(age),
    `+${delta}`,
    String(packets),
    flowEndText(from),
    flowEndText(to),
    portText(carries),
    whyText(row),
  ]
}
