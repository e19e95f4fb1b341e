import type { DeniedRow } from '../../compiler/flows/denied-row.ts'
import type { FlowEnd } from '../../compiler/flows/flow-end.ts'
import { recordedEndJson } from '../../compiler/flows/flow-list-json.ts'
import type { RecordedEnd } from '../../compiler/flows/flow-list.ts'
import type { FoldedFlows } from '../../compiler/flows/seen-flow.ts'
import type { ServiceDoor } from '../../compiler/flows/services-behind.ts'

/** As far as whoever builds on it has to know. */
export interface DeniedJson extends Readonly<Record<string, unknown>> {
  readonly count: number
  readonly services: readonly ServiceDoor[]
}

/** What `selvedge denied -o json` prints of one flow; ages in seconds. */
export function deniedJson(row: DeniedRow): DeniedJson {
  const { node, from, to, services, carries, directed, packets, lastAge, firstAge, why, lateAnswer, uncertain } = row
  const { protocol, ...details } = carries
  return {
    node,
    source: endJson(from),
    destination: endJson(to),
    services: services.map(({ namespace, name, port }) => ({ namespace, name, port })),
    protocol,
    port: null,
    ...details,
    count: packets,
    lastAge,
    firstAge,
    ...(why.kind === 'denied'
      ? {
          direction: directed ? why.direction : 'not known',
          policies: why.policies,
          reason: why.reason,
          ...(why.rule?.place === undefined ? {} : { file: why.rule.place.file, line: why.rule.place.line }),
        }
      : { direction: directed ? null : 'not known', policies: [], reason: why.kind }),
    lateAnswer,
    uncertain,
  }
}

function endJson(end: FlowEnd): object {
  switch (end.kind) {
    case 'pod': {
      const { namespace, name, workload, address } = end
      return { namespace, name, workload: workload === undefined ? null : `${workload.kind}/${workload.name}`, address }
    }
    case 'node':
      return { node: end.name, address: end.address }
    case 'address':
      return { address: end.address }
  }
}

/** What it prints of a source of too many flows. */
export function foldedJson({ node, from, flows, ports, addresses, packets, lastAge, firstAge }: FoldedRow): object {
  return { node, source: recordedEndJson(from), flows, ports, addresses, count: packets, lastAge, firstAge }
}

export interface FoldedRow extends FoldedFlows {
  readonly from: RecordedEnd
}
