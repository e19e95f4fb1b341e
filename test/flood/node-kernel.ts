import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KernelPort } from '../../src/agent/kernel-port.ts'
import { type GenerationsInUse, generationsInUse } from '../../src/kernel/generations-in-use.ts'
import { createGenerations } from '../../src/kernel/generations.ts'
import { createNft } from '../../src/kernel/run-nft.ts'
import type { Lab } from '../../src/lab/lab.ts'

/** The kernel of a lab's node, as the agent there would have it. */
export interface NodeKernel extends KernelPort {
  /** Refuses the next so many transactions before nft sees them. */
  refuse(transactions: number): void
}

/** nft in the node's namespace through the agent's own runner; live flows there are asked for their generations. */
export function createNodeKernel(lab: Lab, node: string, markMask: number): NodeKernel {
  const nft = createNft({ command: lab.command(node, ['nft']), timeoutMilliseconds: 60_000 })
  const generations = createGenerations({ markMask, inUse: () => generationsOfNode(lab, node, markMask) })
  let refusals = 0
  return {
    refuse(transactions) {
      refusals = transactions
    },
    async apply(text) {
      if (refusals > 0) {
        refusals -= 1
        return { ok: false, kind: 'other', message: 'refused' }
      }
      const result = await nft.apply(text)
      if (result.kind === 'ok') return { ok: true, durationMilliseconds: result.durationMilliseconds }
      return { ok: false, kind: result.kind, message: result.message }
    },
    async list() {
      const result = await nft.list()
      if (result.kind === 'table') return { kind: 'table', listing: result.listing }
      return result.kind === 'no-table' ? { kind: 'no table' } : { kind: 'failed', message: result.message }
    },
    nextGeneration: async (current) => (await generations.next(current)).generation,
  }
}

/** /proc shows each process its own namespace, and this one is not the node's: so its list of flows is copied first. */
async function generationsOfNode(lab: Lab, node: string, markMask: number): Promise<GenerationsInUse> {
  const procFolder = await mkdtemp(join(tmpdir(), 'selvedge-proc-'))
  try {
    await mkdir(join(procFolder, 'sys/net/netfilter'), { recursive: true })
    await mkdir(join(procFolder, 'net'))
    await writeFile(join(procFolder, 'sys/net/netfilter/nf_conntrack_count'), 'some\n')
    const flows = await lab.exec(node, ['cat', '/proc/net/nf_conntrack'])
    if (flows.exitCode === 0) await writeFile(join(procFolder, 'net/nf_conntrack'), flows.stdout)
    return await generationsInUse(markMask, { procFolder, command: lab.command(node, ['conntrack']) })
  } finally {
    await rm(procFolder, { recursive: true })
  }
}
