import { formatAddress } from '../addresses/format-address.ts'
import type { Address } from '../addresses/address.ts'
import type { FlowProtocol } from '../nftables/flow-record.ts'
import type { Direction } from '../objects/direction.ts'
import type { Pod } from '../objects/objects.ts'
import { allowedPorts } from '../reach/allowed-ports.ts'
import { FIRST_EPHEMERAL } from './denied-row.ts'
import type { FlowEnd } from './flow-end.ts'
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
  const both = judge({ ...ends, transport: transportOf(carries) })
  const { now, would, by } = both
  if (now.allowed === would.allowed) return undefined
  const kind = now.allowed ? 'denies' : 'opens'
  const denying = now.allowed ? would : now
  const directions = (['egress', 'ingress'] as const).filter((direction) => !denying[direction].allowed)
  const policies = [...new Set([...by.egress, ...by.ingress])].sort()
  return { kind, directions, policies, lateAnswer: isLateAnswer(both, flow) }
}

/** As for denied flows (`denied-row.ts`): the way back is allowed in the world in which this is not. */
function isLateAnswer({ graph }: BothVerdicts, { source, destination, carries, to }: OwnedFlow): boolean {
  if (!('port' in carries) || carries.port < FIRST_EPHEMERAL) return false
  if (to?.ports.some(({ number }) => number === carries.port) === true) return false
  const [server, client] = [source, destination].map((address) => graph.owners.get(formatAddress(address)))
  if (server === undefined || client === undefined) return false
  return allowedPorts(graph, client, server, source.family).ranges[carries.protocol].length > 0
}

export function ownedEnd(address: string, pod: Pod | undefined): FlowEnd {
  if (pod === undefined) return { kind: 'address', address }
  const { namespace, name, workload, createdAt } = pod
  return { kind: 'pod', address, namespace, name, workload, createdAt }
}
