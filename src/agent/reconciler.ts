import type { Change } from '../../compiler/engine/change.ts'
import type { Engine } from '../../compiler/engine/create-engine.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import { isEmptyChange, type RulesetChange } from '../../compiler/nftables/ruleset.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { compareStanding } from './compare-standing.ts'
import type { KernelPort } from './kernel-port.ts'

/** One piece of work that changed the kernel, or failed to. */
export interface Application {
  readonly reason: 'start' | 'changes' | 'drift' | 'rebuild'
  readonly ok: boolean
  readonly transactions: number
  readonly bytes: number
  readonly durationMilliseconds: number
  readonly generation: number
  /** What was found, or why it failed; empty for ordinary changes. */
  readonly what: string
  readonly errorKind?: string
}

/** Keeps the kernel equal to the engine. Calls are serialised by the caller: one at a time. */
export interface Reconciler {
  /** Takes all that stands in the cluster, reads the table once, adopts what equals, applies the difference. */
  start(changes: readonly Change[]): Promise<boolean>
  /** Feeds a batch and makes its change; false when even rebuilding failed, and the next call rebuilds. */
  apply(changes: readonly Change[]): Promise<boolean>
  /** Compares the kernel with the engine, and repairs what differs. */
  verify(): Promise<boolean>
  readonly generation: number | undefined
}

export interface ReconcilerOptions {
  readonly engine: Engine
  readonly kernel: KernelPort
  readonly ruleset: RulesetOptions
  readonly applied: (application: Application) => void
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
}

/** A reconciler that knows nothing of the kernel yet. */
export function createReconciler({ engine, kernel, ruleset, applied, now }: ReconcilerOptions): Reconciler {
  let generation: number | undefined
  /** What stands in the kernel may be anything: a transaction failed half-way, or none was ever made. */
  let unknown = true

  /** Runs the transactions in order; the first that fails ends it. */
  async function run(
    reason: Application['reason'],
    texts: readonly string[],
    next: number,
    what: string,
  ): Promise<boolean> {
    const began = now()
    let bytes = 0
    for (const [index, text] of texts.entries()) {
      bytes += text.length
      const result = await kernel.apply(text)
      if (result.ok) continue
      const failed = { reason, ok: false, transactions: index, bytes, generation: next, errorKind: result.kind }
      applied({
        ...failed,
        durationMilliseconds: now() - began,
        what: `${what === '' ? '' : `${what}: `}${result.message}`,
      })
      unknown = true
      return false
    }
    generation = next
    applied({
      reason,
      ok: true,
      transactions: texts.length,
      bytes,
      generation: next,
      durationMilliseconds: now() - began,
      what,
    })
    return true
  }

  /** Everything in one transaction: what to do when nothing smaller is sure to fit. */
  async function rebuild(reason: Application['reason'], what: string): Promise<boolean> {
    const next = await kernel.nextGeneration(generation)
    unknown = !(await run(reason, [rulesetText(engine.ruleset(), ruleset, next)], next, what))
    return !unknown
  }

  async function make(reason: Application['reason'], change: RulesetChange, what: string): Promise<boolean> {
    if (isEmptyChange(change)) return true
    const next = change.narrows ? await kernel.nextGeneration(generation) : (generation ?? 1)
    const texts = planTransactions(change, engine.view, ruleset, next)
    // nft said no to a part: whatever the cause, the whole is known to be right.
    return (await run(reason, texts, next, what)) || rebuild('rebuild', 'a transaction failed')
  }

  async function compareAndRepair(reason: 'start' | 'drift'): Promise<boolean> {
    const listing = await kernel.list()
    if (listing.kind === 'failed') return !unknown
    if (listing.kind === 'no table') return rebuild(reason, 'the table is missing')
    const found = compareStanding(listing.listing, engine.ruleset(), ruleset)
    if (found.kind === 'rebuild') return rebuild(reason, found.what)
    generation = found.generation
    unknown = false
    return found.kind === 'equal' || make(reason, found.change, found.what)
  }

  return {
    start(changes) {
      engine.apply(changes)
      return compareAndRepair('start')
    },
    async apply(changes) {
      const change = engine.apply(changes)
      return unknown ? rebuild('rebuild', 'what stands is not known') : make('changes', change, '')
    },
    verify: () => (unknown ? rebuild('rebuild', 'what stands is not known') : compareAndRepair('drift')),
    get generation() {
      return generation
    },
  }
}
