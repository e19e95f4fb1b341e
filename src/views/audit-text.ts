import { type FlowEnd, flowEndText } from '../../compiler/flows/flow-end.ts'
import { portText } from '../../compiler/flows/fold-rows.ts'
import { printable } from '../../compiler/objects/quote.ts'
import type { WouldRow } from '../telemetry/agent-audit.ts'
import { type AuditReport, LEAST_SECONDS, type ReportedPolicy, type ReportedRule } from './audit-report.ts'
import { ageText } from './age-text.ts'
import { hangingLines } from './hanging-lines.ts'
import type { TextStyle } from './explanation-text.ts'
import { table, wrap } from './text-table.ts'

const HEAD = ['LAST', 'FIRST', 'COUNT', 'FROM', 'TO', 'PORT', 'BY']

/** Policy by policy what it would deny and open, what else enforcing would cost, and last the verdict, with its window. */
export function auditText(report: AuditReport, { width }: Pick<TextStyle, 'width'>): string {
  const lines = [
    ...report.policies.flatMap((one) => [...policyLines(one, Math.max(report.window ?? 0, LEAST_SECONDS), width), '']),
    ...report.strays.flatMap((one) => strayLines(one, width)),
    ...verdictLines(report, width),
  ]
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

function policyLines(one: ReportedPolicy, window: number, width: number): readonly string[] {
  const { policy, age, pods, denies, older, doubtful, opens, rules } = one
  const since = age === undefined ? 'not on every node yet' : `audited for ${ageText(age)}`
  return [
    ...wrap(`${policy}: ${since}, selects ${pods} ${pods === 1 ? 'pod' : 'pods'}`, width),
    ...part('would deny', denies, width),
    ...(older.length === 0 ? [] : part(`would deny, and was not seen in the last ${ageText(window)}`, older, width)),
    ...(doubtful.length === 0 ? [] : part('would deny, and is perhaps nobody’s connection', doubtful, width)),
    ...part('would open', opens, width),
    ...ruleLines(rules, width),
  ]
}

function part(what: string, rows: readonly WouldRow[], width: number): readonly string[] {
  if (rows.length === 0) return [`  ${what}: nothing that was seen`]
  const whole = table(
    HEAD,
    rows.map((row) => cellsOf(row, true)),
    Number.MAX_SAFE_INTEGER,
  )
  const isWide = whole.every((line) => line.length <= width - 4)
  const narrow = () =>
    table(
      HEAD,
      rows.map((row) => cellsOf(row, false)),
      Number.MAX_SAFE_INTEGER,
    )
  // Names stay whole; what is too long goes below.
  const lines = isWide ? whole : hangingLines(narrow().join('\n'), width - 4).split('\n')
  return [`  ${what}:`, ...lines.map((line) => `    ${line}`)]
}

/** Those that were used are what the policy is for. */
function ruleLines(rules: readonly ReportedRule[], width: number): readonly string[] {
  if (rules.length === 0) return []
  const never = rules.filter(({ use }) => use === 'never').map(({ rule, age }) => `${rule} in ${ageText(age)}`)
  const untold = rules.flatMap(({ rule, use, also }): readonly string[] => {
    const others = also.length === 0 ? 'not on every node yet' : `also granted by ${also.join(', ')}`
    if (use === 'not known') return [`${rule}: ${others}`]
    return use === 'not asked' ? [`${rule}: enforced policies isolate its pods already`] : []
  })
  return [
    ...indented([`never matched: ${never.join(', ') || 'none of its rules'}`], 2, width),
    ...(untold.length === 0 ? [] : ['  cannot be told whether it matched:']),
    ...indented(untold, 4, width),
  ]
}

function indented(texts: readonly string[], by: number, width: number): readonly string[] {
  return texts.flatMap((text) => wrap(text, width - by)).map((line) => `${' '.repeat(by)}${line}`)
}

function endText(end: FlowEnd): string {
  return `${flowEndText(end)}${end.kind === 'pod' && end.gone ? ' (gone)' : ''}`
}

/** `isWide`: there is room to say again whose direction it is. */
function cellsOf(row: WouldRow, isWide: boolean): readonly string[] {
  const { lastAge, firstAge, packets, from, to, carries, direction, doubt } = row
  const of = isWide ? ` of ${flowEndText(direction === 'egress' ? from : to)}` : ''
  const by = `${direction}${of}${doubt === 'none' ? '' : `; ${doubt}`}`
  return [
    ageText(lastAge),
    ageText(firstAge),
    packets.toLocaleString('en'),
    endText(from),
    endText(to),
    portText(carries),
    by,
  ]
}

function strayLines({ node, invalid, bridgeLocal }: AuditReport['strays'][number], width: number): readonly string[] {
  const text = [
    ...(bridgeLocal === null || bridgeLocal === 0
      ? []
      : [
          `${bridgeLocal.toLocaleString('en')} link-local, broadcast and multicast packets, as soon as one of its pods is isolated`,
        ]),
    ...(invalid === 0 ? [] : [`${invalid.toLocaleString('en')} invalid packets of pods that these policies select`]),
  ].join(', and ')
  return [...wrap(`node ${printable(node)} would also drop what no policy can name; so far: ${text}`, width), '']
}

function verdictLines({ verdict, why, window, nodes, policies }: AuditReport, width: number): readonly string[] {
  const where = nodes.length === 1 ? `node ${printable(nodes[0] ?? '')}` : `${nodes.length} nodes`
  const over = window === undefined ? where : `${where}, over the last ${ageText(window)}`
  const reasons = why.flatMap((reason) => wrap(`- ${reason}`, width))
  switch (verdict) {
    case 'nothing audited':
      return wrap('no policy is audited here', width)
    case 'denies': {
      const flows = flowsText(policies.flatMap(({ denies }) => denies))
      return [...wrap(`NOT SAFE (${over}): ${flows} above would be denied`, width), ...reasons]
    }
    case 'safe': {
      const older = policies.flatMap((one) => one.older)
      const rest = older.length === 0 ? '' : `; of what was seen before that time ${flowsText(older)} above would be`
      const text = `safe (${over}, without loss, restart or rebuild): enforced, nothing that was seen would be denied`
      return wrap(`${text}${rest}`, width)
    }
    case 'not told':
      return [...wrap(`nothing that was seen would be denied (${over}), but this is not all:`, width), ...reasons]
  }
}

/** One that several policies would deny is in a row of each. */
function flowsText(rows: readonly WouldRow[]): string {
  const flows = rows.map(({ from, to, carries }) =>
    JSON.stringify([flowEndText(from), flowEndText(to), portText(carries)]),
  )
  const count = new Set(flows).size
  return `${count} ${count === 1 ? 'flow' : 'flows'}`
}
