import { generationsInUse } from '../kernel/generations-in-use.ts'
import { createGenerations, type GenerationsOptions } from '../kernel/generations.ts'
import type { Nft } from '../kernel/run-nft.ts'
import type { KernelPort } from './kernel-port.ts'

export interface KernelOfNodeOptions {
  readonly nft: Nft
  readonly markMask: number
  /** A generation was given out; false: a live flow may carry it already. */
  readonly allocated: (certain: boolean) => void
  /** Which generations live flows carry; default: asks this node's conntrack. */
  readonly inUse?: GenerationsOptions['inUse']
}

export interface KernelOfNode extends KernelPort {
  /** Begins to ask live flows for their numbers, so that the first denial need not wait for the answer. */
  askLiveFlows(): void
  /** Somebody else changed our table, and may have given out numbers meanwhile. */
  changedByOthers(): void
  /** True: nft is not asked for anything, and who asks waits, until false. */
  hold(isHeld: boolean): void
}

/** The kernel of this node, through nft and conntrack. */
export function kernelOfNode(options: KernelOfNodeOptions): KernelOfNode {
  const { nft, markMask, allocated, inUse = () => generationsInUse(markMask) } = options
  const generations = createGenerations({ markMask, inUse })
  let stood = false
  let held: PromiseWithResolvers<void> | undefined
  return {
    hold(isHeld) {
      if (isHeld) held ??= Promise.withResolvers()
      else {
        held?.resolve()
        held = undefined
      }
    },
    askLiveFlows: () => generations.ask(),
    changedByOthers: () => generations.forget(),
    async apply(text) {
      await held?.promise
      const result = await nft.apply(text)
      if (result.kind === 'ok') {
        stood = true
        return { ok: true, durationMilliseconds: result.durationMilliseconds }
      }
      // The line of the transaction says which object it was about.
      const at = result.lineText === undefined ? '' : ` at: ${result.lineText}`
      return { ok: false, kind: result.kind, message: `${result.message}${at}` }
    },
    async list() {
      await held?.promise
      const result = await nft.list()
      if (result.kind === 'table') {
        stood = true
        return { kind: 'table', listing: result.listing }
      }
      if (result.kind === 'no-table') {
        // A table that is lost was in others' hands. One that never stood in our time left what was asked for at the start.
        if (stood) generations.ask()
        stood = false
        return { kind: 'no table' }
      }
      return { kind: 'failed', message: result.message }
    },
    async nextGeneration(current) {
      const { generation, certain } = await generations.next(current)
      allocated(certain)
      return generation
    },
  }
}
