import { recordedEndText } from '../../compiler/flows/recorded-end-text.ts'
import type { RecordedEnd } from '../../compiler/flows/flow-list.ts'
import { printable } from '../../compiler/objects/quote.ts'

/** As a list of flows calls it: what no pod has any more is told apart from an address outside. */
export function toldEndText(end: RecordedEnd): string {
  return end.kind === 'unresolved' ? `${end.address} (of no pod now)` : recordedEndText(end)
}

/** The same with the pod itself instead of its workload. */
export function exactEndText(end: RecordedEnd): string {
  return end.kind === 'pod' ? printable(`${end.namespace}/${end.name}`) : toldEndText(end)
}
