import { quantile } from '../packets/statistics.ts'
import type { AgentResult } from './measure-agent.ts'
import type { Probe } from './probes.ts'
import type { EventCost } from './rates.ts'

/** The tables, as Markdown. */
export function reportOf(results: readonly AgentResult[]): string {
  const tables = [
    [
      'Milliseconds from the API’s answer to the first packet that shows it, median / 95th percentile / worst.',
      latencyTable(results),
    ],
    ['One pod event: CPU of the agent and of nft, runs of nft, bytes of its text.', eventTable(results)],
    ['Without an event: CPU a second, and of a bare Node each time it is woken for nothing.', idleTable(results)],
    ['From the start of the process to the first ruleset in the kernel; resident memory in MiB.', startTable(results)],
  ] as const
  return tables.map(([title, rows]) => `${title}\n\n${markdown(rows)}`).join('\n\n')
}

function latencyTable(results: readonly AgentResult[]): readonly Row[] {
  const rates = results[0]?.rates.map(({ perSecond }) => perSecond) ?? []
  const head = ['cluster', 'policies', 'the policy', 'idle: denied', 'idle: open', 'runs']
  const rows = results.flatMap((result) =>
    result.idle.map(({ probe, denied, open }): Row => {
      const loaded = result.rates.map((rate) => (rate.probe?.probe.name === probe.name ? rate.probe : undefined))
      return [
        ...clusterCells(result),
        nameOf(probe),
        spreadOf(denied),
        spreadOf(open),
        String(denied.length),
        ...loaded.flatMap((one) => (one === undefined ? ['', ''] : [spreadOf(one.denied), spreadOf(one.open)])),
      ]
    }),
  )
  return [[...head, ...rates.flatMap((rate) => [`${rate} events/s: denied`, `${rate}/s: open`])], ...rows]
}

function nameOf({ name, denies }: Probe): string {
  return `${name} (denies when ${denies})`
}

function eventTable(results: readonly AgentResult[]): readonly Row[] {
  const head = [
    'cluster',
    'policies',
    'asked',
    'sent/s',
    'events',
    'CPU ms',
    'agent',
    'nft',
    'above idle',
    'nft runs',
    'bytes',
  ]
  const rows = results.flatMap((result) => {
    const row = (asked: string, cost: EventCost): Row => [
      ...clusterCells(result),
      asked,
      cost.perSecond.toFixed(cost.perSecond < 10 ? 1 : 0),
      cost.events.toLocaleString('en'),
      (cost.own + cost.children).toFixed(2),
      cost.own.toFixed(2),
      cost.children.toFixed(2),
      (cost.own + cost.children - (result.idleCost.own + result.idleCost.children) / cost.perSecond).toFixed(2),
      cost.nftRuns.toFixed(3),
      cost.nftBytes.toFixed(0),
    ]
    return [
      ...result.rates.map(({ perSecond, cost }) => row(`${perSecond}/s`, cost)),
      ...(result.longRun === undefined ? [] : [row('at speed', result.longRun)]),
    ]
  })
  return [head, ...rows]
}

function idleTable(results: readonly AgentResult[]): readonly Row[] {
  const rows = results.map((result): Row => {
    const { own, children, bareWake } = result.idleCost
    return [...clusterCells(result), own.toFixed(1), children.toFixed(1), bareWake.toFixed(2)]
  })
  return [['cluster', 'policies', 'agent ms/s', 'nft ms/s', 'a bare wake-up ms'], ...rows]
}

function startTable(results: readonly AgentResult[]): readonly Row[] {
  const head = [
    'cluster',
    'policies',
    'first sync s',
    'CPU s',
    'text kB',
    'resident',
    'peak',
    'events',
    'resident after',
    'peak',
  ]
  const rows = results.map((result): Row => {
    const { start, end, rates, longRun } = result
    const events = rates.reduce((sum, { cost }) => sum + cost.events, longRun?.events ?? 0)
    return [
      ...clusterCells(result),
      start.seconds.toFixed(2),
      start.cpuSeconds.toFixed(2),
      (start.bytes / 1_024).toFixed(0),
      start.resident.toFixed(0),
      start.peak.toFixed(0),
      events.toLocaleString('en'),
      end.resident.toFixed(0),
      end.peak.toFixed(0),
    ]
  })
  return [head, ...rows]
}

type Row = readonly string[]

function clusterCells({ api, size, spread }: AgentResult): Row {
  return [`${api}, ${size.pods.toLocaleString('en')} pods`, `${size.policies.toLocaleString('en')} ${spread}`]
}

function spreadOf(values: readonly number[]): string {
  if (values.length === 0) return '–'
  return [quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)].map((one) => one.toFixed(0)).join(' / ')
}

function markdown([head = [], ...rows]: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}
