import type { HoldChange, SandboxChange } from '../../compiler/objects/sandbox.ts'
import type { Finding } from '../kernel/finding.ts'
import { cacheLost, holdFindings } from '../kernel/hold-findings.ts'
import {
  type CniSource,
  type CniSourceOptions,
  type CniState,
  createCniSource,
} from '../sources/cni/create-cni-source.ts'
import type { HoldOptions } from './hold-options.ts'

export interface FollowSandboxesOptions {
  readonly hold: HoldOptions
  readonly established: 'rejudge' | 'keep'
  /** All that stands is told before this function returns. Never called where the hold is off. */
  readonly changes: (changes: readonly (SandboxChange | HoldChange)[]) => void
  /** All that stands in the way of the hold now. */
  readonly findings: (findings: readonly Finding[]) => void
  /** The cache is lost: the agent is to end, and to be started anew. */
  readonly lost: (reason: string) => void
  readonly isRunning: NonNullable<CniSourceOptions['isRunning']>
  readonly createSource?: (options: CniSourceOptions) => CniSource
}

/** The sandboxes of this node for an agent, as far as it was told to hold; and what keeps it from that. */
export function followSandboxes(options: FollowSandboxesOptions): { readonly stop: () => void } {
  const { hold, established, changes, findings, lost, isRunning, createSource = createCniSource } = options
  const { mode, isTold, blocks, excepts, cacheFolder } = hold
  const isOn = mode !== 'off' && established === 'rejudge'
  const source = createSource({ mode: mode === 'on' ? 'on' : 'auto', blocks, excepts, cacheFolder, isRunning })
  let isStopped = false
  const stop = (): void => {
    isStopped = true
    source.stop()
  }
  const found = ({ subnets, cache }: CniState) =>
    holdFindings({ mode, isTold, established, subnets: subnets.length, cacheFolder, cache })

  source.start({
    changes: (told) => {
      if (isOn) changes(told)
    },
    state: (state) => findings(found(state)),
    lost: (reason) => {
      if (isStopped) return
      findings([cacheLost(reason)])
      lost(reason)
    },
  })
  // Where nothing is held one look is enough to say whether something could be.
  if (!isOn) stop()
  return { stop }
}
