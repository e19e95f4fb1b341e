import { formatAddress } from '../addresses/format-address.ts'
import type { Address } from '../addresses/address.ts'
import type { FlowProtocol } from '../nftables/flow-record.ts'
import type { Direction } from '../objects/direction.ts'
import type { Pod } from '../objects/objects.ts'
import type { FlowEnd } from './flow-end.ts'
import { isLateAnswer } from './late-answer.ts'
import type { BothVerdicts, OwnedConnection } from './two-worlds.ts'
import { transportOf } from './why-denied.ts'

/** A flow with its ends, as who has read it keeps it. */
export interface OwnedFlow {
  readonly source: Address
  readonly destination: Address
  readonly carries: FlowProtocol
  readonly from: Pod | undefined
  readonly to: Pod | undefined
}

/** What the audited policies would make of a flow that they were asked about. */
export interface Change {
  readonly kind: 'denies' | 'opens'
  /** Those that would deny it, or that deny it today; the sender's first. */
  readonly directions: readonly Direction[]
  readonly policies: readonly string[]
  readonly lateAnswer: boolean
}

/** Undefined: enforced, they would change nothing for it. */
export function changeOf(judge: (connection: OwnedConnection) => BothVerdicts, flow: OwnedFlow): Change | undefined {
  const { carries, ...ends } = flow
  const { now, would, by, graph } = judge({ ...ends, transport: transportOf(carries) })
  if (now.allowed === would.allowed) return undefined
  const kind = now.allowed ? 'denies' : 'opens'
  const denying = now.allowed ? would : now
  const directions = (['egress', 'ingress'] as const).filter((direction) => !denying[direction].allowed)
  const policies = [...new Set([...by.egress, ...by.ingress])].sort()
  // The way back counts in the world in which this is not allowed.
  const [from, to] = [formatAddress(flow.source), formatAddress(flow.destination)]
  return { kind, directions, policies, lateAnswer: isLateAnswer(graph, from, to, carries) }
}

export function ownedEnd(address: string, pod: Pod | undefined, isGone = false): FlowEnd {
  if (pod === undefined) return { kind: 'address', address }
  const { namespace, name, workload, createdAt } = pod
  return { kind: 'pod', address, namespace, name, workload, createdAt, ...(isGone ? { gone: true as const } : {}) }
}
