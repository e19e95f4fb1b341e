import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { readCounters } from '../../compiler/nftables/read-counters.ts'
import { removeBootTableText } from '../../compiler/nftables/boot-table.ts'
import { isBootTableThere } from '../kernel/check-boot.ts'
import { watchForeignCommits } from '../kernel/monitor.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { type AgentRecord, createAgentRecord, recordApplication, recordTurn } from './agent-record.ts'
import { createAgentKernel } from './agent-kernel.ts'
import type { AgentOptions } from './agent-options.ts'
import { createAuditing } from './auditing.ts'
import { createAppliedVersions } from './applied-versions.ts'
import { createBeforeCluster } from './before-cluster.ts'
import { createIntake } from './create-intake.ts'
import { followSandboxes } from './follow-sandboxes.ts'
import { giveBackMemory } from './give-back-memory.ts'
import { createGiveBackWhenQuiet } from './give-back-when-quiet.ts'
import { lookAround } from './look-around.ts'
import { createPacer } from './pacer.ts'
import { createRuleBook } from './rule-book.ts'
import { programVersion } from './program-version.ts'
import { createReconciler } from './reconciler.ts'
import { createApplicationReport } from './report-applications.ts'
import { createAuditReport } from './report-audited.ts'
import { createVerificationReport } from './report-verification.ts'
import { startTimers } from './start-timers.ts'
import { NOBODY_YET, tellOthers } from './tell-others.ts'
import { startWorkLoop } from './work-loop.ts'

/** After the signal the run at hand may take so long; whoever sent it may wait no longer than 5 s. */
const LAST_RUN_MILLISECONDS = 3_000

/**
 * Runs until the signal, or throws what made it end. Nothing is applied before every stream has told all that stood.
 *
 *   source ──changes──▶ work loop ──▶ reconciler ──▶ engine ──▶ transactions ──▶ nft
 *      │ problems           ▲             │ applied
 *      ▼                    │ verify      ▼
 *   record ◀────────── monitor, timer   record ──▶ /readyz /metrics status log
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { node, source, log, signal } = options
  const ruleset = { ...options.ruleset, holdOpenAfterSeconds: options.hold.openAfterSeconds }
  const version = programVersion()
  const record = createAgentRecord()
  const metrics = createMetrics({ version })
  const isLocal = (pod: Pod): boolean => pod.node === node
  const engine = createEngine({ isLocal, ruleset, audit: options.audit })
  const now = () => performance.now()
  const rules = createRuleBook(now)
  const memory = createGiveBackWhenQuiet({
    clock: now,
    resident: () => process.memoryUsage.rss(),
    giveBack: giveBackMemory,
  })
  const reportApplications = createApplicationReport({ log, now })
  const reportVerification = createVerificationReport(log)
  const reportAudited = createAuditReport(log)
  const auditing = createAuditing({
    now,
    engine,
    ruleset,
    rejudgeSoon: () => loop.rejudgeSoon(),
    generation: () => reconciler.generation,
    setsGone: () => ofTables.auditSetsGone(),
  })
  const giveUp = new AbortController()
  let ofTables = NOBODY_YET
  let isReplacing = false
  const { nft, kernel, close } = createAgentKernel({
    options,
    markMask: ruleset.markMask,
    record,
    metrics,
    giveUp: giveUp.signal,
  })
  const reconciler = createReconciler({
    engine,
    kernel,
    ruleset,
    now,
    bootTable: { isThere: isBootTableThere, removal: removeBootTableText() },
    applied: (application) => {
      recordApplication(record, application)
      auditing.applied(application)
      if (application.ok && isReplacing) {
        isReplacing = false
        ofTables.tableIsNew()
      }
      const since = loop.inHandSince
      metrics.applied({ ...application, waitedMilliseconds: since === undefined ? undefined : now() - since })
      if (application.ok && application.reason === 'drift') metrics.driftRepaired(application.drift ?? 'foreign')
      reportApplications.note(application)
    },
    verified: (verification) => {
      record.unlisted = verification.result === 'unlisted' ? verification.message : undefined
      metrics.verified(verification.result)
      reportVerification(verification)
    },
    replacing: async () => {
      isReplacing = true
      await ofTables.keepFlows()
    },
    listed: (listing) => rules.take(readCounters(listing), engine.classUses(), reconciler.generation),
  })

  let lookAgain = (): void => undefined
  const bug = Promise.withResolvers<never>()
  const loop = startWorkLoop({
    reconciler,
    pacer: createPacer(),
    now,
    turnBegan: () => versions.turnBegan(),
    turnEnded: (upToDate) => {
      // What stood in the way of nft may be gone.
      if (upToDate && !record.upToDate) lookAgain()
      // What comes later comes in smaller parts, and waits for a quiet moment.
      if (recordTurn(record, upToDate, source.status().synced)) setImmediate(memory.now)
      memory.busy()
      if (upToDate) {
        for (const { writtenAt } of intake.takeSettled()) metrics.heldFor((Date.now() - writtenAt) / 1000)
      }
      versions.turnEnded(upToDate)
      if (upToDate) {
        auditing.settled()
        reportAudited(engine.audited())
      }
      intake.look()
    },
    failed: bug.reject,
  })

  const intake = createIntake({ engine, source, isLocal, push: loop.push, now, failed: bug.reject })
  const { isLate } = intake
  const versions = createAppliedVersions({
    seen: () => {
      const { streams } = source.status()
      const known = streams.filter(({ resourceVersion }) => resourceVersion !== '')
      return Object.fromEntries(known.map(({ name, resourceVersion }) => [name, resourceVersion]))
    },
    isIdle: () => loop.isIdle,
  })

  const pending = () => {
    const { events, since } = loop.waiting
    return { events, oldestMilliseconds: since === undefined ? 0 : now() - since }
  }
  const facts = () => ({
    source: source.status(),
    appliedVersions: versions.read(),
    generation: reconciler.generation,
    pending: pending(),
    isLate,
  })
  await using ending = new AsyncDisposableStack()
  ending.defer(close)
  const telling = await tellOthers({
    options,
    version,
    record,
    engine,
    auditing,
    metrics,
    facts,
    apply: kernel.apply,
    owners: intake.owners,
    rules,
    now,
  })
  ending.use(telling)
  ofTables = telling

  const before = createBeforeCluster({ reconciler, holdsAtBoot: options.hold.atBoot, failed: bug.reject })
  // Before all that takes time: what the runtime has given to pods is known at once, and is part of the first truth.
  const sandboxes = followSandboxes({
    hold: options.hold,
    established: ruleset.established,
    changes: (changes) => {
      intake.ofRuntime(changes)
      before.take(changes)
    },
    findings: (findings) => {
      const said = new Set(record.holdFindings.map(({ problem }) => problem))
      record.holdFindings = findings
      for (const { id, problem, cure } of findings) if (!said.has(problem)) log.warn(problem, { finding: id, cure })
    },
    lost: (reason) => bug.reject(new Error(`${reason}; the agent has to begin anew`)),
    isRunning: (key) => engine.runsIn(key),
  })
  ending.defer(() => {
    sandboxes.stop()
    intake.stop()
    void before.over()
  })

  const found = (findings: AgentRecord['findings']) => {
    record.findings = findings
    // kube-proxy has gone over to IPVS. The ruleset is laid out at the start, and whoever started the agent starts it anew.
    if (options.serviceProxyFound && ruleset.serviceProxy === 'nat' && findings.some(({ id }) => id === 'ipvs')) {
      bug.reject(new Error('kube-proxy runs in IPVS mode now, and did not when the agent began; it has to begin anew'))
    }
    // One that is too old understands nothing of what it is given: trying again and again only fills the log.
    kernel.hold(findings.some(({ id }) => id === 'nft-too-old'))
  }
  const { markMask, serviceProxy } = ruleset
  const looking = await lookAround({ markMask, serviceProxy, signal, log, found, failed: bug.reject })
  ending.defer(() => looking.stop())
  lookAgain = looking.again
  if (signal.aborted) return
  ending.defer(async () => {
    const late = setTimeout(() => giveUp.abort(), LAST_RUN_MILLISECONDS)
    // Who waits for a better nft waits no longer; what it would be asked now it is not asked any more.
    if (record.findings.some(({ id }) => id === 'nft-too-old')) giveUp.abort()
    kernel.hold(false)
    await loop.stop()
    clearTimeout(late)
    reportApplications.flush()
  })
  ending.defer(() => source.stop())

  source.start({
    changes: intake.ofCluster,
    synced: () => {
      log.info('synced', { objects: loop.waiting.events })
      // From now on the loop holds.
      before
        .over()
        .then(() => intake.firstLook())
        .then(() => loop.synced())
        .catch(bug.reject)
    },
    problems: (of, diagnostics) => {
      if (diagnostics.length === 0) record.problems.delete(of)
      else record.problems.set(of, diagnostics)
      for (const { severity, problem, hint, place } of diagnostics) {
        if (severity !== 'note') log.warn(problem, { of, hint, file: place?.file, line: place?.line })
      }
    },
  })

  const parts = { options, record, engine, intake, loop, before, auditing, memory, rules, reportApplications, now }
  const timers = startTimers(parts)
  ending.defer(() => timers.stop())
  const watching = new AbortController()
  ending.defer(() => watching.abort())
  const monitoring = watchForeignCommits({
    signal: watching.signal,
    ownCommits: nft.ownCommits,
    onForeign: () => {
      kernel.changedByOthers()
      record.foreignCommits += 1
      metrics.foreignCommit()
      loop.verifySoon()
    },
    onListening: () => loop.verifySoon(),
    onEnded: ({ message }) => log.warn('nft monitor ended; the timer still verifies', { reason: message }),
  })
  await Promise.race([aborted(signal), bug.promise, monitoring.then(() => aborted(signal))])
  log.info(reconciler.generation === undefined ? 'ending; no table was made' : 'ending; the table stays in force')
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
