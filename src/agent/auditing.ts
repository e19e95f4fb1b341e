import type { Engine } from '../../compiler/engine/engine.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { KEPT_SECONDS } from '../../compiler/nftables/recorded-sets.ts'
import { type AuditSince, createAuditSince } from './audit-since.ts'
import { type AuditWindow, createAuditWindow } from './audit-window.ts'
import type { Application } from './reconciler.ts'

/** Knows since when what audited policies would deny is told without a gap, and has live flows judged again so that it stays so. */
export interface Auditing {
  readonly window: AuditWindow
  readonly since: AuditSince
  applied(application: Pick<Application, 'ok' | 'reason' | 'generation'>): void
  /** Everything that the engine holds is in the kernel. */
  settled(): void
  /** From time to time. */
  tick(): void
}

export interface AuditingOptions {
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  readonly engine: Pick<Engine, 'audited' | 'asksAny'>
  readonly ruleset: Pick<RulesetOptions, 'established'>
  readonly rejudgeSoon: () => void
  /** In force now. */
  readonly generation: () => number | undefined
}

/** A remembered flow is not judged, and what is noted of it is forgotten after an hour: so twice in that time. */
const REJUDGE_MILLISECONDS = (KEPT_SECONDS['would ingress'] * 1000) / 2
/** Where the window is broken again and again, as by a scan, live flows are not judged each time. */
const SOONEST_MILLISECONDS = 60_000

export function createAuditing(options: AuditingOptions): Auditing {
  const { now, engine, ruleset, rejudgeSoon } = options
  const window = createAuditWindow(now)
  const since = createAuditSince(now)
  let generation: number | undefined
  let beganAt: number | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let isSettled = false

  return {
    window,
    since,
    applied({ ok, reason, generation: next }) {
      if (!ok) return
      // Whoever makes the table anew makes its sets anew.
      if (reason === 'rebuild' || reason === 'drift') window.broken('the table was built or repaired')
      // The first one that is told of may have stood before this agent came.
      const isNew = generation !== undefined && next !== generation
      generation = next
      if (!isNew) return
      beganAt = now()
      window.generationBegan()
    },
    settled() {
      since.settled(engine.audited())
      // Of a table that was adopted as it stood.
      generation ??= options.generation()
      isSettled = true
      this.tick()
    },
    tick() {
      if (!isSettled || ruleset.established === 'keep' || !engine.asksAny()) return
      const isDue = window.since === undefined || beganAt === undefined || now() - beganAt >= REJUDGE_MILLISECONDS
      if (!isDue || now() - askedAt < SOONEST_MILLISECONDS) return
      askedAt = now()
      rejudgeSoon()
    },
  }
}
