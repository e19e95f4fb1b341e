import { markdownTable } from '../markdown-table.ts'
import type { EventCost, FleetRow } from './measure-fleet.ts'

/** What one reader adds for one thing, from the row with none and the row with most. */
export interface PerReader {
  /** Seconds of CPU of the API server, and bytes. */
  readonly cpu: number
  readonly bytes: number
}

export interface Rates {
  /** For each object that stands when a reader starts. */
  readonly object: PerReader
  readonly event: PerReader
  /** For each pod that is replaced: three events. */
  readonly replaced: PerReader
}

/** A cluster that nobody measured: what its nodes would cost, if each reader costs what it did here. */
export interface Fleet {
  readonly nodes: number
  readonly pods: number
}

const EVENTS_PER_REPLACED = 3

export function ratesOf(rows: readonly FleetRow[], objects: number): Rates {
  const none = rows.find(({ readers }) => readers === 0)
  const most = rows.reduce((left, right) => (right.readers > left.readers ? right : left))
  if (none === undefined || most.readers === 0) throw new Error('a row without readers and one with some')
  const added = (of: 'relabel' | 'replace', count: number): PerReader => ({
    cpu: (most[of].cpu - none[of].cpu) / most.readers / count,
    bytes: (most[of].bytes - none[of].bytes) / most.readers / count,
  })
  return {
    object: { cpu: most.start.cpu / most.readers / objects, bytes: most.start.bytes / most.readers / objects },
    event: added('relabel', most.relabel.events),
    replaced: added('replace', most.replace.events / EVENTS_PER_REPLACED),
  }
}

/** Markdown. */
export function fleetReport(rows: readonly FleetRow[], objects: number, fleets: readonly Fleet[]): string {
  const rates = ratesOf(rows, objects)
  const measured = rows.map((row) => [
    `${row.readers}`,
    row.start.cpu.toFixed(2),
    mega(row.start.bytes),
    row.start.seconds.toFixed(1),
    perEvent(row.relabel),
    kilo(row.relabel.bytes / row.relabel.events),
    perEvent(row.replace),
    row.start.readerCpu.toFixed(2),
  ])
  const told = fleets.map(({ nodes, pods }) => [
    `${nodes}`,
    `${pods}`,
    `${Math.round(nodes * pods * rates.object.cpu)} s, ${giga(nodes * pods * rates.object.bytes)}`,
    `${(nodes * rates.event.cpu * 1000).toFixed(0)} ms, ${mega(nodes * rates.event.bytes)}`,
    `${Math.round(nodes * pods * rates.replaced.cpu)} s, ${giga(nodes * pods * rates.replaced.bytes)}`,
  ])
  return [
    markdownTable(
      [
        'readers',
        'start, CPU s',
        'MB',
        's on the wall',
        'one event, CPU ms',
        'kB',
        'one event of a rollout, CPU ms',
        'readers’ own start, CPU s',
      ],
      measured,
    ),
    `One reader: ${micro(rates.object)} an object at its start; ${micro(rates.event)} an event; ${micro(rates.replaced)} a pod replaced.`,
    markdownTable(['nodes', 'pods', 'restart of all', 'one pod event', 'rollout of all pods'], told),
  ].join('\n\n')
}

function perEvent({ cpu, events }: EventCost): string {
  return ((cpu / events) * 1000).toFixed(2)
}

function micro({ cpu, bytes }: PerReader): string {
  return `${(cpu * 1e6).toFixed(0)} µs of CPU and ${(bytes / 1000).toFixed(1)} kB`
}

const kilo = (bytes: number): string => (bytes / 1e3).toFixed(0)
const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
const giga = (bytes: number): string => `${(bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0)} GB`
