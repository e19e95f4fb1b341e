import Counter from '@prometheus-io/client/lib/counter.js'
import Gauge from '@prometheus-io/client/lib/gauge.js'
import Histogram from '@prometheus-io/client/lib/histogram.js'
import Registry from '@prometheus-io/client/lib/registry.js'
import { createBoundedLabel } from './bounded-label.ts'
import type { MetricsSnapshot } from './metrics-snapshot.ts'
import { registerProcessMetrics } from './process-metrics.ts'
import { type Sample, SNAPSHOT_METRICS, type SnapshotMetric } from './snapshot-metrics.ts'

/** Numbers for Prometheus. What happens is told when it happens; what is, is asked for when somebody looks. */
export interface Metrics {
  /**
   * Says where the gauges get their values, once a scrape; until it is called they have none. `refresh` is awaited before
   * each `snapshot`: it has to end by itself, and must not reject.
   */
  readFrom(snapshot: () => MetricsSnapshot, refresh?: () => Promise<void>): void
  /** A piece of work on the kernel's table ended. */
  applied(application: ApplicationFacts): void
  /** A run of nft ended; `result` is `ok` or the kind of its error. */
  nftRun(run: { readonly bytes: number; readonly result: string; readonly way: 'process' | 'standing' }): void
  /** The kernel's table was not what it should be; `what` was repaired, a class such as `table`, `chains`, `elements`. */
  driftRepaired(what: string): void
  /** The kernel's table was compared with what it should be, or could not be listed; `result` is a class. */
  verified(result: string): void
  /** An address that the runtime gave to a new pod passes; since the runtime noted it. */
  heldFor(seconds: number): void
  /** Somebody else committed to our table. */
  foreignCommit(): void
  readonly contentType: string
  /** All of it in the text format 0.0.4; throws what the snapshot throws. */
  exposition(): Promise<string>
}

export interface ApplicationFacts {
  /** A class: `start`, `changes`, `drift`, `rebuild`. */
  readonly reason: string
  readonly ok: boolean
  readonly durationMilliseconds: number
  readonly transactions: number
  readonly bytes: number
  /** The kind of the error, a class too. */
  readonly errorKind?: string | undefined
  /** From the arrival of the batch's oldest event to its end in the kernel, where there was an event. */
  readonly waitedMilliseconds?: number | undefined
}

export interface MetricsOptions {
  readonly version: string
}

/** More series than this under one name help nobody and cost Prometheus; what is left out is still counted elsewhere. */
const MOST_SERIES = 100
const SECONDS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Metrics in a registry of their own, so that two in one process do not meet. */
export function createMetrics({ version }: MetricsOptions): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const counter = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: `selvedge_${name}`, help, labelNames, registers })
  const seconds = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Histogram({ name: `selvedge_${name}`, help, labelNames, registers, buckets: [...SECONDS] })

  new Gauge({ name: 'selvedge_build_info', help: 'Always 1.', labelNames: ['version', 'node_version'], registers }).set(
    { version, node_version: process.version },
    1,
  )
  const applies = counter('applies_total', 'Pieces of work on our table, by class and result.', ['class', 'result'])
  const duration = seconds('apply_duration_seconds', 'How long the kernel took for them.', ['class'])
  const latency = seconds('event_to_kernel_seconds', 'From the arrival of an event to its effect in the kernel.')
  const held = seconds('hold_seconds', 'From a new pod’s file in the runtime’s cache to its addresses in the kernel.')
  const transactions = counter('transactions_total', 'Transactions of all pieces of work.')
  const nftRuns = counter('nft_runs_total', 'Runs of nft, by result, and by the child that stays or not.', [
    'result',
    'way',
  ])
  const nftBytes = counter('nft_bytes_total', 'Text given to nft.')
  const repairs = counter('drift_repairs_total', 'Repairs of what others changed in our table.', ['what'])
  const verifications = counter('verifications_total', 'Comparisons of our table with what it should be.', ['result'])
  const foreign = counter('foreign_commits_total', 'Commits of others to our table.')
  registerProcessMetrics(registry)
  const lazy = SNAPSHOT_METRICS.map((metric) => ({ metric, fill: createFill(metric, registry) }))

  const classes = createBoundedLabel()
  const applyResults = createBoundedLabel()
  const runResults = createBoundedLabel()
  const verificationResults = createBoundedLabel()
  const whats = createBoundedLabel()
  let source: (() => MetricsSnapshot) | undefined
  let refreshed: (() => Promise<void>) | undefined

  return {
    readFrom(snapshot, refresh) {
      source = snapshot
      refreshed = refresh
    },
    applied({ reason, ok, durationMilliseconds, transactions: count, errorKind, waitedMilliseconds }) {
      const label = classes(reason)
      applies.inc({ class: label, result: ok ? 'ok' : applyResults(errorKind ?? 'failed') })
      duration.observe({ class: label }, durationMilliseconds / 1000)
      transactions.inc(count)
      if (ok && waitedMilliseconds !== undefined) latency.observe(waitedMilliseconds / 1000)
    },
    nftRun({ bytes, result, way }) {
      nftRuns.inc({ result: runResults(result), way })
      nftBytes.inc(bytes)
    },
    driftRepaired: (what) => repairs.inc({ what: whats(what) }),
    verified: (result) => verifications.inc({ result: verificationResults(result) }),
    heldFor: (time) => held.observe(time),
    foreignCommit: () => foreign.inc(),
    contentType: registry.contentType,
    async exposition() {
      await refreshed?.()
      const snapshot = source?.()
      // Without a pause before metrics(), so that every value of a scrape is of one instant.
      for (const { metric, fill } of lazy) {
        fill(snapshot === undefined ? [] : metric.read(snapshot).slice(0, MOST_SERIES))
      }
      return registry.metrics()
    },
  }
}

/** Registers the metric; the function that comes back gives it exactly these samples. */
function createFill(
  { name, help, type, labelNames }: SnapshotMetric,
  registry: Registry,
): (samples: readonly Sample[]) => void {
  const configuration = { name: `selvedge_${name}`, help, labelNames: [...labelNames], registers: [registry] }
  const instrument = type === 'gauge' ? new Gauge<string>(configuration) : new Counter<string>(configuration)
  return (samples) => {
    instrument.reset()
    // Without labels a reset leaves a zero, which would be a claim.
    instrument.remove({})
    for (const { labels, value } of samples) {
      if (!Number.isFinite(value)) continue
      // A counter that somebody else counts is set by counting from zero.
      if (instrument instanceof Gauge) instrument.set({ ...labels }, value)
      else instrument.inc({ ...labels }, value)
    }
  }
}
