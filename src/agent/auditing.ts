import type { Engine } from '../../compiler/engine/engine.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { KEPT_SECONDS } from '../../compiler/nftables/recorded-sets.ts'
import { type AuditSince, createAuditSince } from './audit-since.ts'
import { type AuditWindow, createAuditWindow } from './audit-window.ts'
import type { Application } from './application.ts'

/**
 * Knows since when what audited policies would deny is told without a gap. Has live flows judged again so that it stays so, and so
 * that the kernel does not forget what was allowed where that is observed.
 */
export interface Auditing {
  readonly window: AuditWindow
  readonly since: AuditSince
  applied(application: Pick<Application, 'ok' | 'reason'>): void
  /** Everything that the engine holds is in the kernel. */
  settled(): void
  /** From time to time, some seconds at most. */
  tick(): void
}

export interface AuditingOptions {
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  readonly engine: Pick<Engine, 'audited' | 'asksAny'>
  readonly ruleset: Pick<RulesetOptions, 'established' | 'observe'>
  readonly rejudgeSoon: () => void
  /** In force now. */
  readonly generation: () => number | undefined
  /** Nothing is audited any more, and the kernel's sets for it have gone. */
  readonly setsGone?: () => void
}

/** A remembered flow is not judged, and what is noted of it is forgotten after a while: so twice in that time. */
const HALF_KEPT_MILLISECONDS = {
  audited: (KEPT_SECONDS['would ingress'] * 1000) / 2,
  allowed: (KEPT_SECONDS.allowed * 1000) / 2,
}
/** Where the window is broken again and again, as by a scan, live flows are not judged each time. */
const SOONEST_MILLISECONDS = 60_000

export function createAuditing(options: AuditingOptions): Auditing {
  const { now, engine, ruleset, rejudgeSoon } = options
  const told = createAuditWindow(now)
  /** Of a generation that began before it was broken nobody learns later than of that. */
  const window: AuditWindow = {
    begin: told.begin,
    broken(because) {
      noticeGeneration()
      told.broken(because)
    },
    get since() {
      return told.since
    },
    get because() {
      return told.because
    },
  }
  const since = createAuditSince(now)
  let generation: number | undefined
  let beganAt: number | undefined
  let settledAt: number | undefined
  /** Was anything audited when the kernel was last up to date? */
  let hasSets = false
  let askedAt = Number.NEGATIVE_INFINITY
  /** Whoever is to be asked since then may not be, whatever number is given out, until all that the engine holds is in the kernel. */
  let isRefused = false

  /** Whoever began it, and why: each live flow is judged from now on. */
  function noticeGeneration(): void {
    const next = options.generation()
    if (next === undefined || next === generation) return
    // The first one that is told of may have stood before this agent came.
    const isNew = generation !== undefined
    generation = next
    if (!isNew) return
    beganAt = now()
    if (!isRefused) told.begin()
  }

  function isDue(): boolean {
    if (settledAt === undefined) return false
    const judgedAt = beganAt ?? settledAt
    if (ruleset.observe && now() - judgedAt >= HALF_KEPT_MILLISECONDS.allowed) return true
    if (!engine.asksAny()) return false
    return window.since === undefined || beganAt === undefined || now() - beganAt >= HALF_KEPT_MILLISECONDS.audited
  }

  /** Where nobody is asked nothing can be missed: whoever is to be asked later is by a generation of its own. */
  function beginWithNobody(): void {
    if (settledAt !== undefined && !isRefused && window.since === undefined && !engine.asksAny()) told.begin()
  }

  function tick(): void {
    noticeGeneration()
    beginWithNobody()
    if (ruleset.established === 'keep' || !isDue() || now() - askedAt < SOONEST_MILLISECONDS) return
    askedAt = now()
    rejudgeSoon()
  }

  return {
    window,
    since,
    applied({ ok, reason }) {
      isRefused = !ok
      if (isRefused) return told.broken('the kernel refused a change')
      // Whoever makes the table anew makes its sets anew.
      if (reason === 'rebuild' || reason === 'drift') told.broken('the table was built or repaired')
      noticeGeneration()
    },
    settled() {
      isRefused = false
      const audited = engine.audited()
      since.settled(audited)
      if (hasSets && audited.length === 0) options.setsGone?.()
      hasSets = audited.length > 0
      settledAt ??= now()
      tick()
    },
    tick,
  }
}
