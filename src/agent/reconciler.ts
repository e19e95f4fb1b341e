import type { EngineChange } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import { compareRulesets } from '../../compiler/nftables/compare-rulesets.ts'
import { generationOfMark, type RulesetOptions } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import { readRuleset } from '../../compiler/nftables/read-ruleset.ts'
import { replacementTexts } from '../../compiler/nftables/replacement-texts.ts'
import { isEmptyChange, type RulesetChange } from '../../compiler/nftables/ruleset.ts'
import { renewedSign, reusedElements, signOfLife } from '../../compiler/nftables/hold-sets.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { generationChains } from '../../compiler/nftables/static-chains.ts'
import { noSteps, transactionText } from '../../compiler/nftables/transaction-text.ts'
import { compareStanding, type Drift, NO_TABLE } from '../../compiler/nftables/compare-standing.ts'
import type { HoldChange, Sandbox } from '../../compiler/objects/sandbox.ts'
import { type Application, BEFORE, type Cause, CHANGES, FAILED, NOTED, OPENED, REUSED, UNKNOWN } from './application.ts'
import { closingText } from './closing-text.ts'
import type { KernelPort } from './kernel-port.ts'
import { rescue } from './rescue.ts'

/** One comparison of what stands with what should; `unlisted` says nothing of what stands. */
export type Verification =
  | { readonly result: 'equal' | 'differs' }
  | { readonly result: 'unlisted'; readonly message: string }

/** Keeps the kernel equal to the engine. Calls are serialised by the caller: one at a time. */
export interface Reconciler {
  /** Where no table stands: holds all of these subnets before anything is known of the cluster. To be over before `start`. */
  holdBefore(hold: HoldChange): Promise<boolean>
  /**
   * Where our table stands: takes out of it what passes as of another pod than the runtime says now, before anything is known of the
   * cluster. To be over before `start`. Both: false where the kernel would not, and it is to be tried again.
   */
  closeReused(sandboxes: readonly Sandbox[]): Promise<boolean>
  /** Takes all that stands in the cluster, reads the table once, adopts what equals, applies the difference. */
  start(changes: readonly EngineChange[]): Promise<boolean>
  /** Feeds a batch and makes its change; false when even rebuilding failed, and the next call rebuilds. */
  apply(changes: readonly EngineChange[]): Promise<boolean>
  /** Compares the kernel with the engine, and repairs what differs. */
  verify(): Promise<boolean>
  /** Says in the kernel that an agent is there, as far as the hold asks for that. */
  refresh(): Promise<boolean>
  /** The same before `start`, where a table stands in which an agent is still said to be there. */
  stayAlive(): Promise<void>
  /** Has live flows judged again though no right was taken: what is noted of them is noted once more. */
  rejudge(): Promise<boolean>
  readonly generation: number | undefined
}

export interface ReconcilerOptions {
  readonly engine: Engine
  readonly kernel: KernelPort
  readonly ruleset: RulesetOptions
  readonly applied: (application: Application) => void
  readonly verified: (verification: Verification) => void
  /** A listing of what stands, as far as it is what should stand, before anything changes it. */
  readonly listed?: (listing: unknown) => void
  /** A table that stood is about to be replaced, or is gone, and with it what packets have left there. */
  readonly replacing?: () => Promise<void>
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  /** What closed the node until now; where it stands, the first transaction takes it away. */
  readonly bootTable?: BootTable
}

export interface BootTable {
  isThere(): Promise<boolean>
  /** Also where it is not. */
  readonly removal: string
}

const MOST_LISTINGS = 3

/** A reconciler that knows nothing of the kernel yet. */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { engine, kernel, ruleset, applied, verified, listed, replacing, now, bootTable } = options
  let generation: number | undefined
  /** Goes with the next transaction. */
  let opening = bootTable?.removal ?? ''
  /** What stands in the kernel may be anything: a transaction failed half-way, or none was ever made. */
  let unknown = true
  /** When an agent was last said to be there. */
  let livedAt = Number.NEGATIVE_INFINITY
  /** How often the first listing was tried again. */
  let unlisted = 0
  /** The frame without a pod. */
  const empty = createEngine({ isLocal: () => false, ruleset }).ruleset()

  /** Runs the transactions in order; the first that fails ends it. */
  async function run(cause: Cause, given: readonly string[], next: number): Promise<boolean> {
    const texts = [...given.slice(0, -1), (given.at(-1) ?? '') + opening]
    const startedAt = now()
    let bytes = 0
    for (const [index, text] of texts.entries()) {
      bytes += text.length
      const result = await kernel.apply(text)
      if (result.ok) continue
      const what = `${cause.what === '' ? '' : `${cause.what}: `}${result.message}`
      const facts = { ok: false, transactions: index, bytes, generation: next, errorKind: result.kind }
      applied({ ...cause, ...facts, durationMilliseconds: now() - startedAt, what })
      unknown = true
      return false
    }
    generation = next
    opening = ''
    unknown = false
    const facts = { ok: true, transactions: texts.length, bytes, generation: next }
    applied({ ...cause, ...facts, durationMilliseconds: now() - startedAt })
    return true
  }

  /**
   * Everything anew, over whatever stands: what to do when nothing smaller is sure to fit. Where what stands refuses the gentle
   * way, it is one transaction, which no table can refuse.
   */
  async function rebuild(cause: Cause): Promise<boolean> {
    await replacing?.()
    const next = await kernel.nextGeneration(generation)
    const whole = engine.ruleset()
    const texts = replacementTexts(whole, ruleset, next)
    if (await run(cause, texts, next)) return true
    if (texts.length > 1 && (await run(FAILED, [rulesetText(whole, ruleset, next)], next))) return true
    const at = now()
    const rescued = await rescue({ engine, kernel, ruleset }, generation, hasLapsed(at))
    generation = rescued.generation ?? generation
    if (rescued.isAlive) livedAt = at
    return false
  }

  /** Has nobody said for too long that an agent is there? What passed while the hold was open is judged again. */
  function hasLapsed(at: number): boolean {
    const { holdOpenAfterSeconds: limit, established } = ruleset
    return limit !== undefined && at - livedAt > limit * 1000 && established === 'rejudge'
  }

  /**
   * Where no table stands: first the frame, then everything else in the usual order. Kernels (6.18 was tried, no other is
   * known to differ) publish new elements of interval sets after they have switched the rules, so in one transaction
   * isolated pods would for an instant find these sets empty. What passes between the first transaction and the last
   * carries a generation of its own, and is judged again.
   */
  async function build(cause: Cause): Promise<boolean> {
    const first = await kernel.nextGeneration(generation)
    const change = compareRulesets(empty, engine.ruleset())
    const next = change.narrows ? await kernel.nextGeneration(first) : first
    const [firstText = '', ...rest] = planTransactions(change, engine.view, ruleset, next)
    const texts = [rulesetText(empty, ruleset, first) + firstText, ...rest]
    // Nothing may have stood since a boot.
    opening = bootTable?.removal ?? ''
    return (await run(cause, texts, next)) || rebuild(FAILED)
  }

  async function make(cause: Cause, change: RulesetChange): Promise<boolean> {
    if (isEmptyChange(change)) return true
    const next = change.narrows ? await kernel.nextGeneration(generation) : (generation ?? 1)
    const texts = planTransactions(change, engine.view, ruleset, next)
    // nft said no to a part: whatever the cause, the whole is known to be right.
    return (await run(cause, texts, next)) || rebuild(FAILED)
  }

  async function compareAndRepair(reason: 'start' | 'drift'): Promise<boolean> {
    const listing = await kernel.list()
    if (listing.kind === 'failed') {
      verified({ result: 'unlisted', message: listing.message })
      return !unknown
    }
    const cause = ({ what, drift }: Drift): Cause => ({ reason, what, drift })
    const found = listing.kind === 'table' && compareStanding(listing.listing, engine.ruleset(), ruleset)
    verified({ result: found && found.kind === 'equal' ? 'equal' : 'differs' })
    if (!found) {
      if (reason === 'drift') await replacing?.()
      return build(cause(NO_TABLE))
    }
    listed?.(listing.kind === 'table' ? listing.listing : undefined)
    if (opening !== '' && (await bootTable?.isThere()) !== true) opening = ''
    // Whoever wrote it: flows carry this number from now on, and it must not be given out again.
    generation = found.generation
    if (found.kind === 'rebuild') return rebuild(cause(found))
    unknown = false
    if (found.kind === 'change') return make(cause(found), found.change)
    return opening === '' || run(OPENED, [], found.generation)
  }

  /**
   * Until a listing has worked, nobody knows which generation stands. Giving out the same one would leave rights that were
   * taken to flows that carry it, so listing is tried again first. If it does not work at all, enforcing matters more than
   * that one chance in thousands.
   */
  function recover(): Promise<boolean> {
    if (generation !== undefined || unlisted >= MOST_LISTINGS) return rebuild(UNKNOWN)
    unlisted += 1
    return compareAndRepair('start')
  }

  return {
    async holdBefore(hold) {
      const listing = await kernel.list()
      if (listing.kind !== 'no table') return listing.kind === 'table'
      const closed = createEngine({ isLocal: () => false, ruleset })
      closed.apply([hold, { type: 'suspicion', policies: true }])
      const next = await kernel.nextGeneration(generation)
      const done = await run(BEFORE, [rulesetText(closed.ruleset(), ruleset, next)], next)
      unknown = true
      return done
    },
    async closeReused(sandboxes) {
      const listing = await kernel.list()
      const standing = listing.kind === 'table' ? readRuleset(listing.listing) : undefined
      const removedElements = new Map(standing && reusedElements(standing.ruleset, sandboxes))
      if (standing === undefined || removedElements.size === 0) return listing.kind !== 'failed'
      const { mark } = standing
      const next = await kernel.nextGeneration(
        mark === undefined ? undefined : generationOfMark(mark, ruleset.markMask),
      )
      // The table of a boot stays: what stands here is not known to be the cluster's.
      const kept = opening
      opening = ''
      // What the one before had is not remembered for the next.
      const done = await run(REUSED, [closingText(standing, removedElements, ruleset, next)], next)
      opening = kept
      unknown = true
      return done
    },
    start(changes) {
      engine.apply(changes)
      return compareAndRepair('start')
    },
    async apply(changes) {
      const change = engine.apply(changes)
      return unknown ? recover() : make(CHANGES, change)
    },
    async refresh() {
      const { holdOpenAfterSeconds: limit } = ruleset
      if (limit === undefined || engine.holdState() === 'off') return true
      const at = now()
      const isLapsed = hasLapsed(at)
      const next = isLapsed ? await kernel.nextGeneration(generation) : (generation ?? 1)
      const rewrittenChains = isLapsed ? [...generationChains(ruleset, next)] : []
      const text = signOfLife() + transactionText({ ...noSteps(), rewrittenChains })
      const answer = await kernel.apply(text)
      if (!answer.ok) return rebuild(FAILED)
      generation = next
      livedAt = at
      return true
    },
    async stayAlive() {
      const at = now()
      // The one before said so not long ago, and the hold has not opened since.
      if ((await kernel.apply(renewedSign())).ok) livedAt = at
    },
    async rejudge() {
      if (unknown || ruleset.established === 'keep') return !unknown
      const next = await kernel.nextGeneration(generation)
      const rewrittenChains = [...generationChains(ruleset, next)]
      return (await run(NOTED, [transactionText({ ...noSteps(), rewrittenChains })], next)) || rebuild(FAILED)
    },
    verify: () => (unknown ? recover() : compareAndRepair('drift')),
    get generation() {
      return generation
    },
  }
}
