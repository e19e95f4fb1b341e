import type { Finding } from './finding.ts'

export interface BridgeLocalLook {
  /** What the agent of this node was told. */
  readonly bridgeLocal: 'drop' | 'pass'
  /** Is the hold on, or a pod of this node isolated? Where nobody is closed nobody is passed by. */
  readonly isAnyClosed: boolean
}

/** What no rule about addresses sees, where there is somebody whom it could reach or come from. */
export function bridgeLocalFindings({ bridgeLocal, isAnyClosed }: BridgeLocalLook): readonly Finding[] {
  return bridgeLocal === 'pass' && isAnyClosed ? [PASSES] : []
}

const PASSES: Finding = {
  id: 'bridge-local-passes',
  severity: 'warns',
  problem:
    'link-local, broadcast and multicast packets between pods of one bridge pass (--bridge-local pass), also where pods are isolated or held',
  cure: '--bridge-local drop, unless something on this node needs such packets',
}
