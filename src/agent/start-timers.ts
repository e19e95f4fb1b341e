import type { Engine } from '../../compiler/engine/engine.ts'
import { staticPodFindings } from '../kernel/hold-findings.ts'
import type { AgentOptions } from './agent-options.ts'
import type { AgentRecord } from './agent-record.ts'
import type { Auditing } from './auditing.ts'
import type { BeforeCluster } from './before-cluster.ts'
import type { Intake } from './create-intake.ts'
import { createDifferingAddresses } from './differing-addresses.ts'
import type { GiveBackWhenQuiet } from './give-back-when-quiet.ts'
import { DEFAULT_OPEN_AFTER_SECONDS } from './hold-options.ts'
import { onTheBeat } from './on-the-beat.ts'
import { type ApplicationReport, SUM_MILLISECONDS } from './report-applications.ts'
import { createStreamReport } from './report-streams.ts'
import type { RuleBook } from './rule-book.ts'
import { createUnnotedPods } from './unnoted-pods.ts'
import type { WorkLoop } from './work-loop.ts'

/** A failure that is over sooner needs no line; and what an idle agent costs is what wakes it. */
const LOOK_MILLISECONDS = 5_000
/** So many in the time after which the hold opens without one. */
const SIGNS_OF_LIFE = 5

export interface TimersOptions {
  readonly options: AgentOptions
  readonly record: AgentRecord
  readonly engine: Engine
  readonly intake: Intake
  readonly loop: WorkLoop
  readonly before: BeforeCluster
  readonly auditing: Auditing
  readonly memory: GiveBackWhenQuiet
  readonly rules: RuleBook
  readonly reportApplications: ApplicationReport
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
}

/** What an agent does from time to time, whatever happens. */
export function startTimers(parts: TimersOptions): { stop(): void } {
  const { options, record, engine, intake, loop, before, auditing, memory, rules, reportApplications, now } = parts
  const { source, log, hold } = options
  const differing = createDifferingAddresses({
    disagreements: engine.disagreements,
    isConnected: () => source.status().streams.every(({ connected }) => connected),
    now,
  })
  const unnoted = createUnnotedPods({ unnoted: engine.unnoted, cacheFolder: hold.cacheFolder, now })
  const reportStreams = createStreamReport(log)

  function look(): void {
    reportStreams(source.status().streams)
    auditing.tick()
    memory.tick()
    if (rules.isDue()) loop.rejudgeSoon()
    record.staticPods = staticPodFindings(intake.unheardOf(), Date.now())
    record.differing = [...differing(), ...unnoted()]
    intake.look()
  }

  function sayAlive(): void {
    before.stayAlive()
    if (hold.openAfterSeconds !== undefined) loop.refreshSoon()
  }

  sayAlive()
  // With other flags the agent before this one may have left a table that opens itself.
  const { openAfterSeconds = DEFAULT_OPEN_AFTER_SECONDS } = hold
  const timers = [
    onTheBeat(LOOK_MILLISECONDS, look),
    onTheBeat(SUM_MILLISECONDS, () => reportApplications.flush()),
    onTheBeat(options.verifyIntervalSeconds * 1000, () => loop.verifySoon()),
    onTheBeat((openAfterSeconds * 1000) / SIGNS_OF_LIFE, sayAlive),
  ]
  return {
    stop() {
      for (const timer of timers) timer.stop()
    },
  }
}
