import type { Change, EngineChange } from '../../compiler/engine/change.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import type { HoldChange, Sandbox, SandboxChange } from '../../compiler/objects/sandbox.ts'
import type { HeldAddress } from '../../compiler/engine/held-address.ts'
import type { Source } from '../sources/source.ts'
import { type AddressHistory, createAddressHistory } from './address-history.ts'
import { createLatePolicies } from './late-policies.ts'
import { createSandboxFeed } from './sandbox-feed.ts'
import { createUnknownPods } from './unknown-pods.ts'

/**
 * The way of changes to the loop: what of them has to wait for others, what is added to them, and whose addresses were.
 *
 *   cluster ──▶ late policies ──▶ sandbox feed ──▶ address history ──▶ work loop
 *                                     ▲
 *   runtime ──────────────────────────┘           unknown pods ──▶ the API, which tells them as changes
 */
export interface Intake {
  ofCluster(changes: readonly Change[]): void
  ofRuntime(changes: readonly (SandboxChange | HoldChange)[]): void
  /** All that stood at the start has been told; resolves when it may be applied. */
  firstLook(): Promise<void>
  /** Something may be different by now: to be called behind each turn, and now and then. */
  look(): void
  /** Has the pod `namespace/name` been told, and waits for its policies? */
  isLate(pod: string): boolean
  /** What is held and of which pods nobody has heard, neither the engine nor who waits for policies. */
  unheardOf(): readonly HeldAddress[]
  /** Sandboxes whose addresses all pass by now; each once. */
  takeSettled(): readonly Sandbox[]
  readonly owners: AddressHistory
  stop(): void
}

export interface IntakeOptions {
  readonly engine: Engine
  readonly source: Pick<Source, 'status' | 'caughtUp' | 'lookFor'>
  readonly isLocal: (pod: Pod) => boolean
  readonly push: (changes: readonly EngineChange[]) => void
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  /** A bug. */
  readonly failed: (error: unknown) => void
}

export function createIntake(options: IntakeOptions): Intake {
  const { engine, source, isLocal, now, failed } = options
  const { podOf, ownerOf } = engine
  const owners = createAddressHistory({ podOf, ownerOf, now })
  const late = createLatePolicies({
    isLocal,
    holdState: engine.holdState,
    isSynced: () => source.status().synced,
    caughtUp: source.caughtUp,
    release: (changes) => push(feed.take(changes)),
    failed,
  })
  const isLate = (pod: string) => late.waitingUid(pod) !== undefined
  const feed = createSandboxFeed({ push, uidOf: (pod) => late.waitingUid(pod) ?? engine.podOf(pod)?.uid })
  const unknown = createUnknownPods({ unheardOf: engine.unheardOf, isLate, lookFor: source.lookFor, now, failed })

  function push(changes: readonly EngineChange[]): void {
    owners.take(changes)
    options.push(changes)
  }

  return {
    ofCluster: (changes) => push(feed.take(late.take(changes))),
    ofRuntime(changes) {
      if (changes.some((change) => change.type === 'hold' && change.subnets.kind === 'off')) late.letAllIn()
      push(feed.take(changes))
    },
    firstLook: late.firstLook,
    look: unknown.look,
    isLate,
    unheardOf: () => engine.held().filter(({ sandbox }) => !isLate(podName(sandbox))),
    takeSettled: () => feed.takeSettled(engine.passes),
    owners,
    stop() {
      feed.stop()
      unknown.stop()
    },
  }
}
