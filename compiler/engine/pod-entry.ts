import type { Pod } from '../objects/objects.ts'
import type { Bucket } from '../selectors/membership-index.ts'
import { type IsolatedPod, NOT_ISOLATED } from './isolated-by.ts'

/** A pod in the engine, and where it stands in each room of it. */
export interface PodEntry {
  readonly pod: Pod
  /** The addresses that it owns among all pods that claim them. */
  owned: readonly string[]
  /** In the index of peers; undefined while it owns no address. */
  peerBucket: Bucket<PodEntry> | undefined
  /** In the index of subjects of policies; undefined when it is another node's. */
  subjectBucket: Bucket<PodEntry> | undefined
  isolated: IsolatedPod
}

export function createPodEntry(pod: Pod): PodEntry {
  return { pod, owned: [], peerBucket: undefined, subjectBucket: undefined, isolated: NOT_ISOLATED }
}
