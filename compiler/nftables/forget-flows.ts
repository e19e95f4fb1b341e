import { formatAddress } from '../addresses/format-address.ts'
import type { FlowProtocol, FlowRecord } from './flow-record.ts'
import { type FlowKind, recordedSetName } from './recorded-sets.ts'
import { noSteps, transactionText } from './transaction-text.ts'

/** In which kind of set it is noted. */
export function flowKind({ carries, directed }: FlowRecord): FlowKind {
  if (!directed) return 'untracked'
  return carries.protocol === 'ICMP' ? 'icmp' : 'flows'
}

/** In which set it is noted. */
export function flowSet(flow: FlowRecord): string {
  return recordedSetName(flowKind(flow), flow.source.family, flow.fate)
}

/** A transaction that takes these flows out of their sets. One that is not there any more makes all of it fail. */
export function forgetFlows(flows: readonly FlowRecord[]): string {
  const removedElements = new Map<string, string[]>()
  for (const flow of flows) {
    const name = flowSet(flow)
    const keys = removedElements.get(name) ?? []
    removedElements.set(name, keys)
    keys.push(flowKey(flow))
  }
  return transactionText({ ...noSteps(), removedElements })
}

/** Numbers only: nft takes them for whatever it has a name for. */
function flowKey({ source, destination, carries }: FlowRecord): string {
  return [formatAddress(source), formatAddress(destination), ...lastFields(carries)].join(' . ')
}

const NUMBERS = { TCP: 6, UDP: 17, SCTP: 132 }

function lastFields(carries: FlowProtocol): readonly number[] {
  switch (carries.protocol) {
    case 'TCP':
    case 'UDP':
    case 'SCTP':
      return [NUMBERS[carries.protocol], carries.port]
    case 'ICMP':
      return [carries.type, carries.code]
    case 'other':
      return [carries.number, 0]
  }
}
