import { countedSince } from '../../compiler/flows/counted-since.ts'
import { createTwoWorlds } from '../../compiler/flows/two-worlds.ts'
import { KEPT_SECONDS } from '../../compiler/nftables/recorded-sets.ts'
import { contentName } from '../../compiler/nftables/names.ts'
import { policyContent } from '../../compiler/objects/policy-content.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import type { RuleUse } from '../../compiler/lint/rule-use.ts'
import { createInOrder } from '../kernel/in-order.ts'
import type { ListOptions } from '../kernel/list-json.ts'
import { readAskedFlows, readWouldCounts, type WouldCounts } from '../kernel/read-would.ts'
import type { AgentAudit } from '../telemetry/agent-audit.ts'
import type { OfNamespace } from '../telemetry/metrics-snapshot.ts'
import type { Selection } from '../../compiler/engine/local-view.ts'
import type { AddressHistory } from './address-history.ts'
import { createAuditBook } from './audit-book.ts'
import { auditRows, type JudgingEngine } from './audit-rows.ts'
import type { AuditSince } from './audit-since.ts'
import type { AuditWindow } from './audit-window.ts'
import type { BookedFlow } from './flow-book.ts'
import { createAskedGrowth } from './grown-asked.ts'
import { closedReason } from './failing-policies.ts'
import { keepInTime } from './keep-in-time.ts'
import { createWouldByNamespace } from './would-by-namespace.ts'
import { onTheBeat } from './on-the-beat.ts'

/** Reads from time to time what audited policies were asked about, so that nothing is forgotten, and judges it when somebody asks. */
export interface AuditWatch {
  /** Undefined where the kernel cannot be read. */
  ask(): Promise<AgentAudit | undefined>
  /** What would have been denied, as of the last look that found something new; it never goes down. */
  byNamespace(): readonly OfNamespace[]
  /** Reads what there is, before the table is built anew and the kernel forgets it; never longer than a second. */
  keep(): Promise<void>
  /** The kernel's sets and counters have begun anew. */
  setsAreNew(): void
  stop(): void
}

export interface WatchAuditOptions {
  readonly node: string
  readonly version: string
  readonly established: 'rejudge' | 'keep'
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  readonly read: ListOptions
  readonly owners: AddressHistory
  readonly engine: JudgingEngine
  /** All audited policies, with the pods of this node that they select. */
  readonly audited: () => readonly Selection[]
  readonly isolatesAny: () => boolean
  readonly window: AuditWindow
  readonly since: AuditSince
  /** What is denied on this node. */
  readonly denied: () => Promise<readonly BookedFlow[] | undefined>
  /** Each rule of audited policies, as it is counted now; undefined where that cannot be read. */
  readonly rules: () => Promise<readonly RuleUse[] | undefined>
  /** Default: by the clock. */
  readonly every?: typeof onTheBeat
}

const LOOK_MILLISECONDS = 30_000
/** A flow that came and went in a longer silence may have been forgotten by the kernel. */
const LONGEST_SILENCE_MILLISECONDS = (KEPT_SECONDS['would ingress'] * 1000) / 2

export function watchAudit(options: WatchAuditOptions): AuditWatch {
  const { node, version, established, now, read, owners, engine, audited, isolatesAny, window, since, denied } = options
  const book = createAuditBook(now, owners)
  const namespaces = createWouldByNamespace((address) => owners.ownerAt(address, now()))
  const growth = createAskedGrowth(now)
  let counts: WouldCounts | undefined
  let readAt: number | undefined
  let tables = 0
  /** One after the other: an older reading that came after a newer one would look like counts that began anew. */
  const inOrder = createInOrder()
  const readAll = (): Promise<boolean> => inOrder(readOnce)

  async function readOnce(): Promise<boolean> {
    const began = tables
    const found = await readWouldCounts(read, isolatesAny())
    if (found === undefined || began !== tables) return false
    if (found.noted !== counts?.noted) {
      const flows = await readAskedFlows(read)
      if (flows === undefined || began !== tables) return false
      const grown = growth.take(flows)
      namespaces.take(grown, createTwoWorlds(engine.worlds()))
      const { forgot, ofNobody } = book.take(grown)
      if (forgot) window.broken('there were more flows than the agent has room for, and it forgot the oldest')
      // What came before the window is nothing of it.
      const { since: windowBegan = Number.POSITIVE_INFINITY } = window
      const unjudged = ofNobody.reduce((sum, { packets, lastAt }) => sum + (lastAt < windowBegan ? 0 : packets), 0)
      if (unjudged > 0)
        window.broken(`${unjudged} packets of addresses that are of no pod any more could not be judged`)
    }
    const lost = countedSince(counts?.lost, found.lost)
    if (lost > 0) window.broken(`${lost} packets found no room in the kernel`)
    if (readAt !== undefined && now() - readAt > LONGEST_SILENCE_MILLISECONDS)
      window.broken('the kernel could not be read')
    ;[counts, readAt] = [found, now()]
    return true
  }

  async function look(): Promise<void> {
    if (audited().length > 0) {
      await readAll()
      return
    }
    book.clear()
    setsAreNew()
    readAt = undefined
  }

  /** Equal counts of other sets are no sign that nothing came: what is read of the ones before is not taken any more. */
  function setsAreNew(): void {
    tables += 1
    counts = undefined
    growth.setsAreNew()
  }

  const seconds = (at: number): number => Math.max(0, Math.round((now() - at) / 1000))
  const instant = (at: number): string => new Date(Date.now() - (now() - at)).toISOString()

  // Anything that goes wrong here is nothing for which to end enforcement; the next look may be better.
  const beat = (options.every ?? onTheBeat)(LOOK_MILLISECONDS, () => void look().catch(() => undefined))
  return {
    async ask() {
      const selections = audited()
      if (selections.length > 0 && !(await readAll())) return undefined
      const seen = selections.length > 0 && isolatesAny() ? await denied() : []
      const rules = selections.length > 0 ? await options.rules() : []
      if (seen === undefined || rules === undefined) return undefined
      const windowSince = window.since
      return {
        version,
        node,
        at: new Date().toISOString(),
        established,
        window: {
          since: windowSince === undefined ? null : instant(windowSince),
          age: windowSince === undefined ? 0 : seconds(windowSince),
          because: window.because,
        },
        policies: selections.map(({ policy, pods }) => {
          const at = since.of(policy)
          return {
            policy: podName(policy),
            content: contentName('p', policyContent(policy)),
            since: at === undefined ? null : instant(at),
            age: at === undefined ? 0 : seconds(at),
            pods: pods.length,
            problem: closedReason(policy) ?? '',
          }
        }),
        rules,
        ...auditRows({ node, engine, seconds, asked: selections.length > 0 ? book.flows() : [], denied: seen }),
        strays: { invalid: counts?.stray ?? 0, bridgeLocal: counts?.bridgeLocal ?? null },
      }
    },
    async keep() {
      if (audited().length > 0) await keepInTime(readAll())
    },
    setsAreNew,
    byNamespace: namespaces.values,
    stop: () => beat.stop(),
  }
}
