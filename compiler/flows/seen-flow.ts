import type { FlowProtocol } from '../nftables/flow-record.ts'
import type { Fate } from '../nftables/recorded-sets.ts'
import type { Pod } from '../objects/objects.ts'

/** A flow as agents tell of it, in canonical addresses; ages in seconds, since clocks of nodes differ. */
export interface SeenFlow {
  /** The node whose kernel noted it. */
  readonly node: string
  readonly source: string
  readonly destination: string
  /** Whose the address was, where that is not the pod that has it now by what the agent knows. */
  readonly formerSource?: FormerPod | undefined
  readonly formerDestination?: FormerPod | undefined
  readonly carries: FlowProtocol
  /** False: a packet without conntrack state, which may be somebody's answer. */
  readonly directed: boolean
  readonly packets: number
  /** Since its last packet. */
  readonly lastAge: number
  /** Since the agent has first found it noted: its first packet may be older. */
  readonly firstAge: number
}

/** A pod that is gone, or whose address is another's by now, with what policies see of it; an agent of an older version does not tell that. */
export interface FormerPod extends Pick<Pod, 'namespace' | 'name' | 'uid' | 'workload' | 'createdAt'> {
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly ports?: Pod['ports'] | undefined
}

/** The same with what became of it: an agent tells of both kinds in one answer. */
export interface NotedFlow extends SeenFlow {
  readonly fate: Fate
}

/** Flows of one source that were too many to be kept one by one, as of a scan of ports: how many, to how many ports and addresses. */
export interface FoldedFlows
  extends Pick<NotedFlow, 'node' | 'fate' | 'source' | 'formerSource' | 'packets' | 'lastAge' | 'firstAge'> {
  readonly flows: number
  readonly ports: number
  readonly addresses: number
}
