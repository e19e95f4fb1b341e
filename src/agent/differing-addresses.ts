import type { Disagreement } from '../../compiler/engine/create-hold.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import type { Finding } from '../kernel/finding.ts'
import { addressDiffers } from '../kernel/hold-findings.ts'

export interface DifferingAddressesOptions {
  readonly disagreements: () => readonly Disagreement[]
  /** Are pods heard of? While they are not, what the API said of them is old. */
  readonly isConnected: () => boolean
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
}

/** A restart of a sandbox is over in the API long before this. */
const PATIENCE_MILLISECONDS = 60_000

/** Of which pods the runtime and the API name different addresses, and have for a minute; to be called again and again. */
export function createDifferingAddresses(options: DifferingAddressesOptions): () => readonly Finding[] {
  const { disagreements, isConnected, now } = options
  let since = new Map<string, number>()
  return () => {
    if (!isConnected()) {
      since = new Map()
      return []
    }
    const before = since
    since = new Map()
    return disagreements().flatMap(({ pod, given, told }) => {
      const key = [pod.uid, given, ...told].join(' ')
      const begun = before.get(key) ?? now()
      since.set(key, begun)
      return now() - begun < PATIENCE_MILLISECONDS ? [] : [addressDiffers(podName(pod), given, told)]
    })
  }
}
