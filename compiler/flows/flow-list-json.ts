import type { FlowProtocol } from '../nftables/flow-record.ts'
import { FLOW_LIST } from '../objects/flow-list-kind.ts'
import type { FlowList, RecordedEnd, RecordedFlow } from './flow-list.ts'

/** As it is written (docs/flows.schema.json); `readFlowList` reads it back. */
export function flowListJson({ window, nodes, flows, folded }: FlowList): object {
  return {
    ...FLOW_LIST,
    window,
    nodes,
    flows: flows.map(flowJson),
    folded: folded.map((one) => ({ ...one, source: recordedEndJson(one.source) })),
  }
}

function flowJson(flow: RecordedFlow): object {
  const { source, destination, service, carries, count, verdict, direction, reason, firstSeen, lastSeen } = flow
  return {
    source: recordedEndJson(source),
    destination: recordedEndJson(destination),
    ...(service === undefined ? {} : { service }),
    ...carriesJson(carries),
    count,
    verdict,
    ...(direction === undefined ? {} : { direction }),
    ...(reason === undefined ? {} : { reason }),
    firstSeen,
    lastSeen,
    ...(flow.lateAnswer ? { lateAnswer: true } : {}),
    ...(flow.uncertain ? { uncertain: true } : {}),
    ...(flow.unconfirmed ? { unconfirmed: true } : {}),
  }
}

export function recordedEndJson(end: RecordedEnd): object {
  if (end.kind !== 'pod') return end
  const { workload, ...pod } = end
  return { ...pod, ...(workload === undefined ? {} : { workload: `${workload.kind}/${workload.name}` }) }
}

function carriesJson(carries: FlowProtocol): object {
  switch (carries.protocol) {
    case 'TCP':
    case 'UDP':
    case 'SCTP':
    case 'other':
      return carries
    case 'ICMP':
      return { protocol: carries.protocol, icmp: { type: carries.type, code: carries.code } }
  }
}
