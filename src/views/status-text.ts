import { styleText } from 'node:util'
import type { AgentStatus, EnforcedPolicy, IsolatedPod } from '../telemetry/agent-status.ts'
import { truthAges } from '../telemetry/truth-age.ts'
import { table, wrap } from './text-table.ts'

export interface StatusTextOptions {
  /** The caller knows about NO_COLOR and pipes. */
  readonly color: boolean
  /** Columns of the terminal; 80 is the least that is laid out well. */
  readonly width: number
  /** At most so many rows of each table and of what is wrong; all of them unless told (`| grep` must find its pod). */
  readonly rows?: number | undefined
}

type Tone = 'green' | 'yellow' | 'red' | 'dim' | 'bold'
type Paint = (tone: Tone, text: string) => string

/** A change that waits longer than this is worth a word. */
const NOTEWORTHY_WAIT = 1_000

/**
 * One screen for the engineer on call: the answer, what is wrong and what to do about it, then names. Ages are counted
 * from the instant at which the status was made. Nothing in it can move the terminal's cursor, whatever the objects say.
 */
export function statusText(status: AgentStatus, { color, width, rows }: StatusTextOptions): string {
  const paint: Paint = (tone, text) => (color ? styleText(tone, text, { validateStream: false }) : text)
  const { tone, text } = answer(status)
  const wrong = findWrong(status)
  const lines = [
    ...wrap(text, width).map((line) => paint(tone, line)),
    ...facts(status, width).map((line) => paint('dim', line)),
    ...(wrong.length > 0 ? ['', paint('bold', 'WRONG')] : []),
    ...wrong.slice(0, rows).flatMap((each) => wrongLines(each, width, paint)),
    ...more(wrong.length, rows),
    ...(status.enforced === undefined ? [] : tables(status.enforced, { width, rows }, paint)),
  ]
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

function answer(status: AgentStatus): { readonly tone: Tone; readonly text: string } {
  const { enforced, reasons, ready, pending, at } = status
  const why = reasons.map(({ problem }) => problem).join('; ')
  if (enforced === undefined) return { tone: 'red', text: `NOT enforcing: ${why || 'nothing has been applied yet'}` }
  if (!ready) return { tone: 'red', text: `NOT enforcing as it should: ${why || 'no reason given'}` }
  const here = enforced.policies.filter(({ selects, state }) => selects.length > 0 && state !== 'audited')
  const count = (wanted: EnforcedPolicy['state']) => enforced.policies.filter(({ state }) => state === wanted).length
  const closed = count('closed')
  const beside = (['closed', 'audited'] as const).flatMap((state) =>
    count(state) > 0 ? [`${count(state)} ${state}`] : [],
  )
  const policies = `${plural(here.length, 'policy', 'policies')}${beside.length > 0 ? ` (${beside.join(', ')})` : ''}`
  const since = `since ${instant(enforced.since)} (${age(Date.parse(at) - Date.parse(enforced.since))})`
  const stale = staleness(status)
  const waits = pending.oldestMilliseconds > NOTEWORTHY_WAIT
  const waiting = waits ? [`${plural(pending.events, 'event')} waiting for ${age(pending.oldestMilliseconds)}`] : []
  const fresh = [...stale, ...waiting].join(', ') || 'up to date'
  const tone = stale.length + waiting.length + closed > 0 ? 'yellow' : 'green'
  return { tone, text: `enforcing ${policies} on ${plural(enforced.pods.length, 'pod')} ${since}, ${fresh}` }
}

function staleness({ streams }: AgentStatus): readonly string[] {
  const ages = truthAges(streams).map(({ ageSeconds }) => ageSeconds)
  if (ages.includes(null)) return ['part of the truth never came']
  const oldest = ages.map(Number).reduce((most, each) => Math.max(most, each), 0)
  return oldest > 0 ? [`truth is ${age(oldest * 1000)} old`] : []
}

function facts(status: AgentStatus, width: number): readonly string[] {
  const { node, version, pid, enforced, counts, lastApply, streams, at, options } = status
  const ruleset = enforced === undefined ? [] : [`generation ${enforced.generation}`, `ruleset ${enforced.digest}`]
  const size = `${plural(counts.sets, 'set')}, ${plural(counts.elements, 'element')}, ${plural(counts.chains, 'chain')}`
  const heard = truthAges(streams).map(({ stream, silentSeconds }) =>
    silentSeconds === null ? `${stream} never` : `${stream} ${age(silentSeconds * 1000)} ago`,
  )
  const change =
    lastApply === undefined
      ? 'none yet'
      : `${age(Date.parse(at) - Date.parse(lastApply.at))} ago, ${plural(lastApply.transactions, 'transaction')}, ` +
        `${plural(lastApply.bytes, 'byte')}, ${Number(lastApply.durationMilliseconds.toFixed(1))} ms`
  return [
    [`node ${node}`, `selvedge ${version}`, `pid ${pid}`, ...ruleset].join(', '),
    `kernel: ${size}; last change: ${change}`,
    `last heard: ${heard.join(', ') || 'no stream'}`,
    ...(streams.some(({ resourceVersion }) => resourceVersion !== '')
      ? [`applied: ${streams.map(applied).join(', ')}`]
      : []),
    `options: ${Object.entries(options)
      .map((pair) => pair.join(' '))
      .join(', ')}`,
  ].flatMap((line) => wrap(line, width))
}

/** Is it enforced yet? The version up to which everything is in the kernel, and how far the stream has come. */
function applied({ name, resourceVersion, appliedVersion = 'none' }: AgentStatus['streams'][number]): string {
  return `${name} ${appliedVersion}${resourceVersion === appliedVersion ? '' : ` (seen ${resourceVersion || 'none'})`}`
}

interface Wrong {
  readonly of: string
  readonly problem: string
  readonly hint: string
}

/** Everything that somebody should know of, the most urgent first. */
function findWrong({
  reasons,
  streams,
  lastApply,
  enforced,
  problems,
  driftRepairs,
  held,
}: AgentStatus): readonly Wrong[] {
  const unheard = streams.filter(({ connected, synced }) => !connected || !synced)
  const named = (policy: string): boolean => problems.some(({ of }) => of.split(' ').at(-1) === policy)
  const unlike = (enforced?.policies ?? []).filter(({ state, policy }) => state === 'closed' && !named(policy))
  const repairs = Object.entries(driftRepairs).filter(([, count]) => count > 0)
  const repaired = repairs.map(([what, count]) => `${count} × ${what}`).join(', ')
  return [
    ...reasons.map(({ problem, cure }) => ({ of: 'not ready', problem, hint: cure })),
    ...unheard.map(({ name, state, synced }) => ({
      of: `stream ${name}`,
      problem: synced ? state : `${state}; the first truth is not complete`,
      hint: '',
    })),
    ...(lastApply === undefined || lastApply.result === 'ok'
      ? []
      : [{ of: 'last change', problem: lastApply.result, hint: 'what stood before stands; it is tried again' }]),
    ...unlike.map(({ policy, state, reason = 'no reason given' }) => ({
      of: `policy ${policy}`,
      problem: `${state}: ${reason}`,
      hint: '',
    })),
    ...problems,
    ...held.map(({ address, pod, seconds, why }) => ({
      of: `pod ${pod}`,
      problem: `holds ${address} for ${age(seconds * 1000)}: ${why}`,
      hint: '',
    })),
    ...(repairs.length === 0
      ? []
      : [
          {
            of: 'drift',
            problem: `others changed our table; repaired: ${repaired}`,
            hint: 'find out who on the node does',
          },
        ]),
  ]
}

function wrongLines({ of, problem, hint }: Wrong, width: number, paint: Paint): readonly string[] {
  const [first = '', ...rest] = wrap(`${of}: ${problem}`, width - 2)
  return [
    ...[paint('red', first), ...rest].map((line) => `  ${line}`),
    ...(hint === '' ? [] : wrap(`do: ${hint}`, width - 4).map((line) => `    ${line}`)),
  ]
}

function tables(
  { policies, pods }: NonNullable<AgentStatus['enforced']>,
  { width, rows }: { readonly width: number; readonly rows: number | undefined },
  paint: Paint,
): readonly string[] {
  const shown = policies.filter(({ selects, state }) => selects.length > 0 || state !== 'enforced').toSorted(byTrouble)
  const idle = policies.length - shown.length
  const policyRows = shown.slice(0, rows).map(({ policy, state, selects }) => [policy, state, selects])
  const podRows = pods
    .toSorted((one, other) => order(one.pod, other.pod))
    .slice(0, rows)
    .map((pod) => [pod.pod, isolation(pod), pod.policies, pod.addresses])
  const [policyHead = '', ...policyLines] = table(['POLICY', 'STATE', 'PODS HERE'], policyRows, width)
  const [podHead = '', ...podLines] = table(['POD', 'ISOLATED', 'POLICIES', 'ADDRESSES'], podRows, width)
  const toneOf = (index: number): Tone | undefined => (shown[index]?.state === 'enforced' ? undefined : 'yellow')
  return [
    ...(shown.length === 0 ? [] : ['', paint('bold', policyHead)]),
    ...policyLines.map((line, index) => {
      const tone = toneOf(index)
      return tone === undefined ? line : paint(tone, line)
    }),
    ...more(shown.length, rows),
    ...(idle === 0 ? [] : ['', `${plural(idle, 'policy selects', 'policies select')} no pod of this node`]),
    ...(pods.length === 0 ? [] : ['', paint('bold', podHead), ...podLines, ...more(pods.length, rows)]),
  ]
}

function isolation({ ingress, egress }: IsolatedPod): string {
  if (ingress === 'open') return egress === 'open' ? 'no' : 'egress'
  return egress === 'open' ? 'ingress' : 'both'
}

function byTrouble(one: EnforcedPolicy, other: EnforcedPolicy): number {
  return Number(one.state === 'enforced') - Number(other.state === 'enforced') || order(one.policy, other.policy)
}

function order(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

function more(count: number, rows: number | undefined): readonly string[] {
  return rows !== undefined && count > rows ? [`  and ${count - rows} more; -o json has all`] : []
}

function plural(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`
}

function instant(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, '$1 $2 UTC')
}

/** In the one unit that says enough. */
function age(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds / 1000)
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)} min`
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}
