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

/** The kernel of this node, through nft and conntrack. */
export function kernelOfNode(options: KernelOfNodeOptions): KernelPort {
  const { nft, markMask, allocated, inUse = () => generationsInUse(markMask) } = options
  const generations = createGenerations({ markMask, inUse })
  return {
    async apply(text) {
      const result = await nft.apply(text)
      if (result.kind === 'ok') return { ok: true, durationMilliseconds: result.durationMilliseconds }
      // The line of the transaction says which object it was about.
      const at = result.lineText === undefined ? '' : ` at: ${result.lineText}`
      return { ok: false, kind: result.kind, message: `${result.message}${at}` }
    },
    async list() {
      const result = await nft.list()
      if (result.kind === 'table') return { kind: 'table', listing: result.listing }
      // A table that was lost may have left remembered flows of any generation.
      if (result.kind === 'no-table') {
        generations.forget()
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
