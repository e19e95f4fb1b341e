import { heldKernelWaits, loopKeepsOrder, reconcilerKeepsOrder } from './agent-order.ts'
import { ANSWER_LAWS } from './answer-laws.ts'
import { COMPILE_LAWS } from './compile-laws.ts'
import { HOLD_LAWS } from './hold-laws.ts'
import { newPodsWaitForPolicies, theFirstPolicyIsWaitedFor } from './late-pods.ts'
import { nodesAgree } from '../laws/nodes-agree.ts'
import { packetsHaveOwners } from '../laws/packets-have-owners.ts'
import { readsBack } from './read-back.ts'
import { reusedAddressesGo } from './reused-addresses.ts'
import { TRANSITION_LAWS } from './transition-laws.ts'

/** The laws of test/laws in short, without a test runner, so that they run in a copy of the compiler with a fault in it. */
export const LAWS = {
  'the reconciler keeps its order': reconcilerKeepsOrder,
  'the work loop keeps its order': loopKeepsOrder,
  'an nft that will not do is asked for nothing': heldKernelWaits,
  'a new pod waits for its policies': newPodsWaitForPolicies,
  'the first policy is waited for': theFirstPolicyIsWaitedFor,
  'an address of another pod goes': reusedAddressesGo,
  'noted packets have owners': () => void packetsHaveOwners({ seed: 20_261, numRuns: 3_000, endOnFailure: true }),
  'nodes agree': () => void nodesAgree({ seed: 20_261, numRuns: 1_000, endOnFailure: true }),
  ...COMPILE_LAWS,
  ...TRANSITION_LAWS,
  ...HOLD_LAWS,
  'what stands reads as what was written, and nothing else does': readsBack,
  ...ANSWER_LAWS,
} satisfies Readonly<Record<string, () => void | Promise<void>>>

export type LawName = keyof typeof LAWS
