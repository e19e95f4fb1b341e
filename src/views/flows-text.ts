import { portText } from '../../compiler/flows/fold-rows.ts'
import type { FlowList, RecordedEnd, RecordedFlow } from '../../compiler/flows/flow-list.ts'
import { ageText } from './age-text.ts'
import type { TextStyle } from './explanation-text.ts'
import { foldedLines } from './folded-text.ts'
import { exactEndText, toldEndText } from './told-end-text.ts'
import { table } from './text-table.ts'

const HEAD = ['LAST', 'FIRST', 'COUNT', 'VERDICT', 'FROM', 'TO', 'PORT']

/** A line for each pair of workloads, port and verdict, the latest first; `wide`: pod by pod, uncut. */
export function flowsText(list: FlowList, wide: boolean, { width }: Pick<TextStyle, 'width'>): string {
  const { flows, folded, window } = list
  const now = Date.parse(window.to)
  const shown = foldFlows(flows, wide ? exactEndText : toldEndText)
  const columns = wide ? Number.MAX_SAFE_INTEGER : width
  const asked = shown.filter(({ lateAnswer }) => !lateAnswer)
  const late = shown.filter(({ lateAnswer }) => lateAnswer)
  const sections = [
    asked.length === 0 ? [] : linesOf(asked, now, columns),
    late.length === 0
      ? []
      : ['Probably answers to connections that the kernel had forgotten:', ...linesOf(late, now, columns)],
    foldedLines(
      folded.map((one) => ({ ...one, from: one.source, packets: one.count, lastAge: ageOf(one.lastSeen, now) })),
      columns,
    ),
  ]
  const lines = sections
    .filter((section) => section.length > 0)
    .flatMap((section, index) => (index === 0 ? section : ['', ...section]))
  return lines.length === 0 ? 'nothing was noted\n' : `${lines.join('\n')}\n`
}

interface ShownFlow extends Pick<RecordedFlow, 'count' | 'verdict' | 'firstSeen' | 'lastSeen' | 'lateAnswer'> {
  readonly from: string
  readonly to: string
  readonly port: string
}

function foldFlows(flows: readonly RecordedFlow[], nameOf: (end: RecordedEnd) => string): readonly ShownFlow[] {
  const folded = new Map<string, ShownFlow>()
  for (const flow of flows) {
    const { source, destination, carries, verdict, lateAnswer, service } = flow
    const via = service === undefined ? '' : ` (by svc/${service.namespace}/${service.name}:${service.port})`
    const to = `${nameOf(destination)}${via}${doubtText(flow)}`
    const one = { ...flow, from: nameOf(source), to, port: portText(carries) }
    const key = JSON.stringify([one.from, one.to, one.port, verdict, lateAnswer])
    const known = folded.get(key)
    folded.set(key, known === undefined ? one : joinShown(known, one))
  }
  return [...folded.values()].sort((left, right) => Date.parse(right.lastSeen) - Date.parse(left.lastSeen))
}

function doubtText({ uncertain, unconfirmed, direction }: RecordedFlow): string {
  const doubts = [
    ...(uncertain ? ['uncertain'] : []),
    ...(unconfirmed ? ['unconfirmed'] : []),
    ...(direction === 'unknown' ? ['direction not known'] : []),
  ]
  return doubts.map((doubt) => ` (${doubt})`).join('')
}

function joinShown(left: ShownFlow, right: ShownFlow): ShownFlow {
  return {
    ...left,
    count: left.count + right.count,
    firstSeen: left.firstSeen < right.firstSeen ? left.firstSeen : right.firstSeen,
    lastSeen: left.lastSeen > right.lastSeen ? left.lastSeen : right.lastSeen,
  }
}

function linesOf(flows: readonly ShownFlow[], now: number, width: number): readonly string[] {
  const rows = flows.map(({ firstSeen, lastSeen, count, verdict, from, to, port }) => [
    ageText(ageOf(lastSeen, now)),
    ageText(ageOf(firstSeen, now)),
    count.toLocaleString('en'),
    verdict,
    from,
    to,
    port,
  ])
  return table(HEAD, rows, width)
}

function ageOf(time: string, now: number): number {
  return (now - Date.parse(time)) / 1000
}
