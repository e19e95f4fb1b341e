import { createInOrder } from '../kernel/in-order.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import { readDenied, readHeld, readTableCounters } from '../kernel/read-denied.ts'
import { startHttpServer } from '../telemetry/http-server.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { serveStatus } from '../telemetry/status-socket.ts'
import { truthAges } from '../telemetry/truth-age.ts'
import type { AddressHistory } from './address-history.ts'
import type { AgentOptions } from './agent-options.ts'
import type { Auditing } from './auditing.ts'
import { watchAudit } from './watch-audit.ts'
import type { AgentRecord } from './agent-record.ts'
import type { KernelPort } from './kernel-port.ts'
import { makeSnapshot } from './make-snapshot.ts'
import { makeStatus, type StatusFacts } from './make-status.ts'
import { readinessReasons } from './readiness-reasons.ts'
import type { RuleBook } from './rule-book.ts'
import { auditedRuleUses, ruleUses } from './rule-uses.ts'
import { createScraped } from './scraped.ts'
import { shownOptions } from './shown-options.ts'
import { watchFlows } from './watch-flows.ts'

export interface TellOthersOptions {
  readonly options: AgentOptions
  readonly version: string
  readonly record: AgentRecord
  readonly engine: Engine
  readonly auditing: Pick<Auditing, 'window' | 'since'>
  readonly metrics: Metrics
  readonly facts: () => Pick<StatusFacts, 'source' | 'appliedVersions' | 'generation' | 'pending' | 'isLate'>
  readonly owners: AddressHistory
  readonly rules: RuleBook
  /** One transaction about what packets have left, in turn with those about the ruleset. */
  readonly apply: KernelPort['apply']
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
}

/** What is to be heard of tables that come and go. */
export interface OfTables {
  /** The table that stands is about to be replaced. */
  keepFlows(): Promise<void>
  /** What the kernel counts begins anew, whatever it says. */
  tableIsNew(): void
  /** So does what it counts for audited policies. */
  auditSetsGone(): void
}

/** Until it is disposed of. */
export interface Telling extends OfTables, AsyncDisposable {}

/** Before there is anybody to tell. */
export const NOBODY_YET: OfTables = {
  keepFlows: () => Promise.resolve(),
  tableIsNew: () => undefined,
  auditSetsGone: () => undefined,
}

/** What the kernel has counted is as new as this when somebody asks, and who asks waits no longer than that for it. */
const COUNTED = { freshMilliseconds: 5_000, patienceMilliseconds: 1_000 }
const READ_MILLISECONDS = 5_000
const LIST_MILLISECONDS = 10_000

/**
 * /readyz, /metrics and the status socket, from the record and from what the kernel counts: beside the runs of nft and not behind them,
 * so that who asks neither waits for an application nor holds one up. Throws where the port or the socket cannot be had.
 */
export async function tellOthers(given: TellOthersOptions): Promise<Telling> {
  const { options, version, record, engine, auditing, metrics, facts, apply, owners, rules, now } = given
  const { node, source, log, signal, listen, socket } = options
  const reading = { timeoutMilliseconds: READ_MILLISECONDS, signal }
  const denied = createScraped({ ...COUNTED, now, read: () => readDenied(reading) })
  const held = createScraped({
    ...COUNTED,
    now,
    read: () => (engine.holdState() === 'holding' ? readHeld(reading) : Promise.resolve(undefined)),
  })
  const listing = { timeoutMilliseconds: LIST_MILLISECONDS, signal }
  const isolatesAny = (): boolean => {
    const { ingress, egress } = engine.local.counts().isolatedPods
    return ingress + egress > 0
  }
  /** False: the kernel cannot be read. */
  const inOrder = createInOrder()
  const countRules = (): Promise<boolean> =>
    inOrder(async () => {
      const counters = await readTableCounters(listing)
      if (counters !== undefined) rules.take(counters, engine.classUses(), facts().generation)
      return counters !== undefined
    })
  await using opened = new AsyncDisposableStack()
  const { observe: observes, bridgeLocal } = options.ruleset
  const watched = { node, version, log, now, owners }
  const noted = watchFlows({ ...watched, read: listing, apply, isolatesAny, observes })
  opened.defer(() => noted.stop())
  const audit = watchAudit({
    ...watched,
    read: listing,
    isolatesAny,
    established: options.ruleset.established,
    engine,
    audited: engine.local.audited,
    window: auditing.window,
    since: auditing.since,
    denied: noted.denied,
    rules: async () => ((await countRules()) ? auditedRuleUses(rules, engine.local) : undefined),
  })
  opened.defer(() => audit.stop())
  const snapshot = () =>
    makeSnapshot(record, engine, {
      ...facts(),
      deniedPackets: denied.value,
      deniedByNamespace: noted.byNamespace(),
      wouldDenyByNamespace: audit.byNamespace(),
      notedFlows: noted.counts(),
      heldPackets: held.value,
      logLinesLost: log.linesLost(),
      bridgeLocal,
    })
  metrics.readFrom(snapshot, async () => {
    await Promise.all([denied.refresh(), held.refresh()])
  })

  const server = await startHttpServer({
    listen,
    metrics,
    log,
    health: () => ({ healthy: true, reasons: [] }),
    ready: () => {
      const reasons = readinessReasons(record, source.status())
      return { ready: reasons.length === 0, reasons, truth: truthAges(source.status().streams) }
    },
  })
  opened.defer(() => server.close())
  const answers = {
    status: () =>
      makeStatus(record, engine, { ...facts(), version, node, bridgeLocal, options: shownOptions(options) }),
    denied: () => noted.askDenied(),
    flows: () => noted.askFlows(),
    audit: () => audit.ask(),
    rules: async () => {
      if (!(await countRules())) return undefined
      return { version, node, at: new Date().toISOString(), rules: ruleUses(rules, engine.local) }
    },
  }
  const statusServer = await serveStatus({ path: socket, answers, log })
  opened.defer(() => statusServer.close())
  const all = opened.move()
  return {
    async keepFlows() {
      await Promise.all([noted.keep(), audit.keep()])
    },
    tableIsNew() {
      noted.tableIsNew()
      audit.setsAreNew()
      rules.tableIsNew()
    },
    auditSetsGone: () => audit.setsAreNew(),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
