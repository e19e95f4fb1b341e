import { createNft, type Nft } from '../kernel/run-nft.ts'
import { createStandingNft } from '../kernel/standing-nft.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { AgentOptions } from './agent-options.ts'
import type { AgentRecord } from './agent-record.ts'
import { type KernelOfNode, kernelOfNode } from './kernel-of-node.ts'

export interface AgentKernelOptions {
  readonly options: AgentOptions
  readonly markMask: number
  readonly record: AgentRecord
  readonly metrics: Metrics
  /** Ends the run of nft at hand, and all that would come. */
  readonly giveUp: AbortSignal
}

export interface AgentKernel {
  readonly nft: Nft
  readonly kernel: KernelOfNode
  close(): void
}

/** The kernel of the agent's node through an nft that stays, counted; a generation that a live flow may carry is put on record. */
export function createAgentKernel({ options, markMask, record, metrics, giveUp }: AgentKernelOptions): AgentKernel {
  const running = { signal: giveUp, timeoutMilliseconds: options.nftTimeoutSeconds * 1000 }
  const standing = createStandingNft({ ...running, file: `${options.socket}.transaction` })
  const nft = createNft({
    ...running,
    standing,
    observe: ({ length, outcome, way }) => metrics.nftRun({ bytes: length, result: outcome, way }),
  })
  const allocated = (certain: boolean): void => {
    if (!certain && !record.uncertainGeneration) {
      options.log.warn(
        'live flows could not be asked for the generation that they carry; one may keep a right that was taken',
      )
    }
    record.uncertainGeneration = !certain
  }
  const kernel = kernelOfNode({ nft, markMask, allocated })
  // Beside the sources' first truth, which takes longer.
  kernel.askLiveFlows()
  return { nft, kernel, close: () => standing.close() }
}
