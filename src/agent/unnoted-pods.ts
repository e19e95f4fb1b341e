import type { Pod } from '../../compiler/objects/objects.ts'
import type { Finding } from '../kernel/finding.ts'
import { cacheSilent } from '../kernel/hold-findings.ts'

export interface UnnotedPodsOptions {
  /** Pods of this node that have addresses, while the runtime has noted none at all. */
  readonly unnoted: () => readonly Pod[]
  readonly cacheFolder: string
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
}

/** The first pod of a node may have its address before its file has been read. */
const PATIENCE_MILLISECONDS = 60_000

/** Does the runtime write its results elsewhere, or none? Said after a minute; to be called again and again. */
export function createUnnotedPods({ unnoted, cacheFolder, now }: UnnotedPodsOptions): () => readonly Finding[] {
  let since: number | undefined
  return () => {
    const pods = unnoted().length
    since = pods === 0 ? undefined : (since ?? now())
    return since === undefined || now() - since < PATIENCE_MILLISECONDS ? [] : [cacheSilent(cacheFolder, pods)]
  }
}
