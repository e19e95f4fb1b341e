import type { DeniedRow } from '../../compiler/flows/denied-row.ts'
import { recordedEndJson } from '../../compiler/flows/flow-list-json.ts'
import type { RecordedEnd } from '../../compiler/flows/flow-list.ts'
import type { FoldedFlows } from '../../compiler/flows/seen-flow.ts'
import type { ServiceDoor } from '../../compiler/flows/services-behind.ts'
import { reasonText } from '../../compiler/flows/why-denied.ts'
import { flowEndJson } from './flow-end-json.ts'

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
    source: flowEndJson(from),
    destination: flowEndJson(to),
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
      : { direction: directed ? null : 'not known', policies: [], reason: reasonText(why) }),
    lateAnswer,
    uncertain,
  }
}

/** What it prints of a source of too many flows. */
export function foldedJson({ node, from, flows, ports, addresses, packets, lastAge, firstAge }: FoldedRow): object {
  return { node, source: recordedEndJson(from), flows, ports, addresses, count: packets, lastAge, firstAge }
}

export interface FoldedRow extends FoldedFlows {
  readonly from: RecordedEnd
}
