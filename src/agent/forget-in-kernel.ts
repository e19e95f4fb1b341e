import type { FlowRecord } from '../../compiler/nftables/flow-record.ts'
import { forgetFlows } from '../../compiler/nftables/forget-flows.ts'
import type { KernelPort } from './kernel-port.ts'

const AT_ONCE = 256

/**
 * Takes flows out of the kernel's sets, and never fails: those are returned that are not there any more. One that has gone by itself makes
 * a transaction fail and leaves the others of it where they are, so those are halved until it is alone.
 */
export async function forgetInKernel(
  flows: readonly FlowRecord[],
  apply: KernelPort['apply'],
): Promise<readonly FlowRecord[]> {
  const gone: (readonly FlowRecord[])[] = []
  for (let from = 0; from < flows.length; from += AT_ONCE) {
    gone.push(await forget(flows.slice(from, from + AT_ONCE), apply))
  }
  return gone.flat()
}

async function forget(flows: readonly FlowRecord[], apply: KernelPort['apply']): Promise<readonly FlowRecord[]> {
  const result = await apply(forgetFlows(flows))
  if (result.ok) return flows
  // Nothing else is worth another try: the next look finds what stands.
  if (result.kind !== 'not-found') return []
  if (flows.length <= 1) return flows
  const half = flows.length >> 1
  return [...(await forget(flows.slice(0, half), apply)), ...(await forget(flows.slice(half), apply))]
}
