import type { DeniedRow } from '../../compiler/flows/denied-row.ts'
import { exactPodText, flowEndText } from '../../compiler/flows/flow-end.ts'
import { foldRows, portText } from '../../compiler/flows/fold-rows.ts'
import { reasonText } from '../../compiler/flows/why-denied.ts'
import { ageText } from './age-text.ts'
import type { TextStyle } from './explanation-text.ts'
import { foldedLines, type ShownFolded } from './folded-text.ts'
import { table, wrap } from './text-table.ts'

const HEAD = ['LAST', 'FIRST', 'COUNT', 'FROM', 'TO', 'PORT', 'WHY']

/** A line for each pair of workloads and port, the latest first; answers that came too late stand apart. `wide`: pod by pod, uncut. */
export function deniedText(
  rows: readonly DeniedRow[],
  folded: readonly ShownFolded[],
  wide: boolean,
  { width, program = 'selvedge' }: Pick<TextStyle, 'width'> & { readonly program?: string },
): string {
  if (rows.length === 0 && folded.length === 0) return 'nothing was denied\n'
  const shown = wide ? rows.toSorted((left, right) => left.lastAge - right.lastAge) : foldRows(rows)
  const isLate = ({ lateAnswer }: DeniedRow) => lateAnswer
  // Of a pod that is gone explain knows nothing.
  const isHere = ({ from, to }: DeniedRow) => ![from, to].some((end) => end.kind === 'pod' && end.gone)
  const [first] = shown.filter((row) => !isLate(row) && row.why.kind === 'denied' && isHere(row))
  const linesOf = (some: readonly DeniedRow[]) =>
    whyTable(
      some.map((row) => shownRow(row, wide)),
      wide ? Number.MAX_SAFE_INTEGER : width,
    )
  const asked = shown.filter((row) => !isLate(row))
  const late = shown.filter(isLate)
  const isOfLate =
    'Probably answers to connections that the kernel had forgotten (of UDP after 30 s), which nobody has to allow:'
  const sections = [
    asked.length === 0 ? [] : linesOf(asked),
    late.length === 0 ? [] : [isOfLate, ...linesOf(late)],
    foldedLines(folded, wide ? Number.MAX_SAFE_INTEGER : width),
    first === undefined ? [] : wrap(`→ ${program} ${explainCommand(first)}`, Number.MAX_SAFE_INTEGER),
  ]
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.map((line) => `${line}\n`).join(''))
    .join('\n')
}

/** Why is what everybody reads: where the lines are too long for it, it stands below, whole, and nothing else is cut before it. */
function whyTable(rows: readonly ShownRow[], width: number): readonly string[] {
  const whole = table(
    HEAD,
    rows.map(({ cells: [last, first, count, from, to, port], via, why }) => {
      return [last, first, count, from, via === '' ? to : `${to} (${via})`, port, why]
    }),
    Number.MAX_SAFE_INTEGER,
  )
  if (whole.every((line) => line.length <= width)) return whole
  const [head = '', ...lines] = table(
    HEAD.slice(0, -1),
    rows.map(({ cells }) => cells),
    width,
  )
  const below = rows.map(({ via, why }) => indented(via === '' ? why : `${via}; ${why}`, width))
  return [head, ...lines.flatMap((line, index) => [line, ...(below[index] ?? [])])]
}

function indented(text: string, width: number): readonly string[] {
  return wrap(text, Math.max(MOST_INDENT, width - INDENT.length)).map((line) => `${INDENT}${line}`)
}

const INDENT = '      '
const MOST_INDENT = 40

interface ShownRow {
  readonly cells: readonly [last: string, first: string, count: string, from: string, to: string, port: string]
  /** By which Service it may have come; or empty. */
  readonly via: string
  readonly why: string
}

function shownRow(row: DeniedRow, wide: boolean): ShownRow {
  const { lastAge, firstAge, packets, from, to, services, carries, directed, uncertain } = row
  const end = wide ? exactPodText : flowEndText
  const [door, ...others] = services
  const via =
    door === undefined
      ? ''
      : others.length > 0
        ? `by one of ${services.length} Services`
        : `by svc/${door.namespace}/${door.name}:${door.port}`
  const told = [
    ...(directed ? [] : ['direction not known']),
    ...(uncertain ? ['uncertain, an address has changed hands'] : []),
    whyText(row),
  ]
  return {
    cells: [ageText(lastAge), ageText(firstAge), packets.toLocaleString('en'), end(from), end(to), portText(carries)],
    via,
    why: told.join('; '),
  }
}

/** `ingress of shop/db: …`, by today's policies. */
export function whyText({ why, to, from }: DeniedRow): string {
  if (why.kind !== 'denied') return reasonText(why)
  const place = why.rule?.place
  const where = place === undefined ? '' : ` (${place.file}:${place.line})`
  return `${why.direction} of ${flowEndText(why.direction === 'egress' ? from : to)}: ${why.reason}${where}`
}

function explainCommand({ from, to, carries }: DeniedRow): string {
  const word = ({ kind, address }: DeniedRow['from'], text: string) => (kind === 'pod' ? text : address)
  const port = 'port' in carries ? `${carries.port}${carries.protocol === 'TCP' ? '' : `/${carries.protocol}`}` : 'icmp'
  return `explain ${word(from, flowEndText(from))} ${word(to, flowEndText(to))} ${port}`
}
