import { printable } from '../objects/quote.ts'
import type { RecordedEnd } from './flow-list.ts'

/** As tables and notes call it, whatever a file of flows says: `shop/web` of a workload or pod, `node a (10.0.0.1)`, or the address. */
export function recordedEndText(end: RecordedEnd): string {
  switch (end.kind) {
    case 'pod':
      return printable(`${end.namespace}/${end.workload?.name ?? end.name}`)
    case 'node':
      return `node ${printable(end.name)} (${end.address})`
    case 'outside':
    case 'unresolved':
      return end.address
  }
}

/** Of a source whose flows were too many to be kept one by one. */
export function foldedText(source: RecordedEnd): string {
  return `${recordedEndText(source)}: it spoke with so many that whom it reached was not kept`
}
