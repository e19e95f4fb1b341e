import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { watchForeignCommits } from '../kernel/monitor.ts'
import { preflight } from '../kernel/preflight.ts'
import { createNft } from '../kernel/run-nft.ts'
import type { Source } from '../sources/source.ts'
import { startHttpServer } from '../telemetry/http-server.ts'
import type { Log } from '../telemetry/log.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { serveStatus } from '../telemetry/status-socket.ts'
import { truthAges } from '../telemetry/truth-age.ts'
import {
  agentStatus,
  createAgentRecord,
  enforcedFacts,
  type EnforcedFacts,
  readinessReasons,
  recordApplication,
} from './agent-record.ts'
import { kernelOfNode } from './kernel-of-node.ts'
import { createPacer } from './pacer.ts'
import { programVersion } from './program-version.ts'
import { createReconciler } from './reconciler.ts'
import { startWorkLoop } from './work-loop.ts'

export interface AgentOptions {
  readonly node: string
  readonly source: Source
  readonly ruleset: RulesetOptions
  readonly listen: string
  readonly socket: string
  readonly verifyIntervalSeconds: number
  readonly log: Log & { linesLost(): number }
  /** Ends the agent; the table stays. */
  readonly signal: AbortSignal
}

const NFT_TIMEOUT = 30_000
const PREFLIGHT_INTERVAL = 60_000

/**
 * Runs until the signal, or throws what made it end. Nothing is applied before every stream has told all that stood.
 *
 *   source ──changes──▶ work loop ──▶ reconciler ──▶ engine ──▶ transactions ──▶ nft
 *      │ problems           ▲             │ applied
 *      ▼                    │ verify      ▼
 *   record ◀────────── monitor, timer   record ──▶ /readyz /metrics status log
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { node, source, ruleset, log, signal } = options
  const version = programVersion()
  const record = createAgentRecord()
  const metrics = createMetrics({ version })
  const engine = createEngine({ isLocal: (pod) => pod.node === node, ruleset })
  const now = () => performance.now()
  const nft = createNft({
    timeoutMilliseconds: NFT_TIMEOUT,
    observe: ({ length, outcome }) => metrics.nftRun({ bytes: length, result: outcome }),
  })
  const reconciler = createReconciler({
    engine,
    kernel: kernelOfNode(nft, ruleset.markMask),
    ruleset,
    now,
    applied: (application) => {
      recordApplication(record, application)
      metrics.applied(application)
      if (application.ok && application.reason === 'drift') metrics.driftRepaired(application.what)
      const { ok, ...facts } = application
      if (ok) log.info('applied', facts)
      else log.error('nft refused', facts)
    },
  })

  // Scrapes and `status` come more often than changes do.
  let known: EnforcedFacts | undefined
  const enforced = () => (known ??= enforcedFacts(engine, record))
  const bug = Promise.withResolvers<never>()
  const loop = startWorkLoop({
    reconciler,
    pacer: createPacer(),
    now,
    settled: (upToDate) => {
      known = undefined
      record.upToDate = upToDate
      record.appliedOnce ||= upToDate && source.status().synced
    },
    failed: bug.reject,
  })

  async function lookAround(): Promise<void> {
    const findings = await preflight({ markMask: ruleset.markMask })
    const known = new Set(record.findings.map(({ id, problem }) => `${id} ${problem}`))
    for (const { id, severity, problem, cure } of findings) {
      if (known.has(`${id} ${problem}`)) continue
      log[severity === 'blocks' ? 'error' : 'warn'](problem, { finding: id, cure })
    }
    record.findings = findings
  }

  const pending = () => {
    const { events, since } = loop.waiting
    return { events, oldestMilliseconds: since === undefined ? 0 : now() - since }
  }
  const status = () =>
    agentStatus(record, enforced(), {
      version,
      node,
      source: source.status(),
      pending: pending(),
      options: {
        deny: ruleset.deny,
        established: ruleset.established,
        bridgeLocal: ruleset.bridgeLocal,
        markMask: `0x${ruleset.markMask.toString(16)}`,
      },
    })
  metrics.readFrom(() => {
    const { ready, reasons, streams } = status()
    const { counts, policies, pods } = enforced()
    const count = (state: string) => policies.filter((policy) => policy.state === state).length
    return {
      ready,
      reasons,
      streams,
      objects: Object.fromEntries(streams.map(({ name, objects }) => [name, objects])),
      counts,
      generation: reconciler.generation,
      isolatedPods: {
        ingress: pods.filter(({ ingress }) => ingress === 'isolated').length,
        egress: pods.filter(({ egress }) => egress === 'isolated').length,
      },
      policies: { enforced: count('enforced'), closed: count('closed'), 'not enforced': count('not enforced') },
      failingPolicies: policies.filter(({ state }) => state !== 'enforced'),
      appliedVersions: Object.fromEntries(streams.map(({ name, resourceVersion }) => [name, resourceVersion])),
      pending: pending(),
      lastAppliedAt: record.lastApply?.atMilliseconds,
      problems: record.problems.size,
      findings: record.findings,
      deniedPackets: undefined,
      logLinesLost: log.linesLost(),
    }
  })

  await using ending = new AsyncDisposableStack()
  const server = await startHttpServer({
    listen: options.listen,
    metrics,
    log,
    health: () => ({ healthy: true, reasons: [] }),
    ready: () => {
      const reasons = readinessReasons(record, source.status())
      return { ready: reasons.length === 0, reasons, truth: truthAges(source.status().streams) }
    },
  })
  ending.defer(() => server.close())
  const statusServer = await serveStatus({ path: options.socket, status, log })
  ending.defer(() => statusServer.close())

  await lookAround()
  const looking = setInterval(() => void lookAround().catch(bug.reject), PREFLIGHT_INTERVAL)
  ending.defer(() => clearInterval(looking))
  ending.defer(() => loop.stop())
  ending.defer(() => source.stop())

  // Before the sources are complete, events only gather: a part of the truth would open what the rest closes.
  const gathered: Parameters<typeof loop.push>[0][number][] = []
  let synced = false
  source.start({
    changes: (changes) => (synced ? loop.push(changes) : void gathered.push(...changes)),
    synced: () => {
      synced = true
      log.info('synced', { events: gathered.length })
      loop.begin(gathered.splice(0))
    },
    problems: (of, diagnostics) => {
      known = undefined
      if (diagnostics.length === 0) record.problems.delete(of)
      else record.problems.set(of, diagnostics)
      for (const { severity, problem, hint, place } of diagnostics) {
        if (severity !== 'note') log.warn(problem, { of, hint, file: place?.file, line: place?.line })
      }
    },
  })

  const timer = setInterval(() => loop.verifySoon(), options.verifyIntervalSeconds * 1000)
  ending.defer(() => clearInterval(timer))
  const watching = new AbortController()
  ending.defer(() => watching.abort())
  const monitoring = watchForeignCommits({
    signal: watching.signal,
    ownCommits: nft.ownCommits,
    onForeign: ({ touchesOurTable }) => {
      if (!touchesOurTable) return
      record.foreignCommits += 1
      metrics.foreignCommit()
      loop.verifySoon()
    },
    onListening: () => loop.verifySoon(),
    onEnded: ({ message }) => log.warn('nft monitor ended; the timer still verifies', { reason: message }),
  })
  await Promise.race([aborted(signal), bug.promise, monitoring.then(() => aborted(signal))])
  log.info('ending; the table stays in force')
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
