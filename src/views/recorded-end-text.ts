import type { RecordedEnd } from '../../compiler/flows/flow-list.ts'

/** `shop/web` of a workload or pod, `node a (10.0.0.1)`, or the address. */
export function recordedEndText(end: RecordedEnd): string {
  return end.kind === 'pod' ? `${end.namespace}/${end.workload?.name ?? end.name}` : exactRecordedEndText(end)
}

/** The same with the pod itself. */
export function exactRecordedEndText(end: RecordedEnd): string {
  switch (end.kind) {
    case 'pod':
      return `${end.namespace}/${end.name}`
    case 'node':
      return `node ${end.name} (${end.address})`
    case 'outside':
      return end.address
    case 'unresolved':
      return `${end.address} (of no pod now)`
  }
}
