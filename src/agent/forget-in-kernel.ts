import type { FlowRecord } from '../../compiler/nftables/flow-record.ts'
import { forgetFlows } from '../../compiler/nftables/forget-flows.ts'
import type { KernelPort } from './kernel-port.ts'

const AT_ONCE = 256

/**
 * Takes flows out of the kernel's sets, and never fails. One that has gone by itself makes a transaction fail and leaves the others of it
 * where they are, so those are halved until it is alone.
 */
export async function forgetInKernel(flows: readonly FlowRecord[], apply: KernelPort['apply']): Promise<void> {
  for (let from = 0; from < flows.length; from += AT_ONCE) await forget(flows.slice(from, from + AT_ONCE), apply)
}

async function forget(flows: readonly FlowRecord[], apply: KernelPort['apply']): Promise<void> {
  const result = await apply(forgetFlows(flows))
  // Nothing else is worth another try: the next look finds what stands.
  if (result.ok || result.kind !== 'not-found' || flows.length <= 1) return
  const half = flows.length >> 1
  await forget(flows.slice(0, half), apply)
  await forget(flows.slice(half), apply)
}
