import { generationsInUse } from '../kernel/generations-in-use.ts'
import { createGenerations } from '../kernel/generations.ts'
import type { Nft } from '../kernel/run-nft.ts'
import type { KernelPort } from './kernel-port.ts'

/** The kernel of this node, through nft and conntrack. */
export function kernelOfNode(nft: Nft, markMask: number): KernelPort {
  const generations = createGenerations({ markMask, inUse: () => generationsInUse(markMask) })
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
      return (await generations.next(current)).generation
    },
  }
}
