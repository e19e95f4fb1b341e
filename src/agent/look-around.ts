import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { BRIDGE_FINDINGS, checkBridges } from '../kernel/check-bridges.ts'
import { checkServiceProxy } from '../kernel/check-service-proxy.ts'
import type { Finding } from '../kernel/finding.ts'
import { createPreflight } from '../kernel/preflight.ts'
import type { Log } from '../telemetry/log.ts'
import { onTheBeat } from './on-the-beat.ts'

export interface LookAroundOptions {
  readonly markMask: number
  readonly serviceProxy: RulesetOptions['serviceProxy']
  /** Aborted: a look that is under way ends, and what it found is nobody's business. */
  readonly signal: AbortSignal
  readonly log: Log
  /** All that stands in the way now. */
  readonly found: (findings: readonly Finding[]) => void
  /** A bug. */
  readonly failed: (error: unknown) => void
  /** Default: this node's preflight. */
  readonly look?: () => Promise<readonly Finding[]>
  /** The part of it that is asked more often; default: this node's bridges, and whether IPVS carries Services. */
  readonly lookOften?: () => readonly Finding[] | Promise<readonly Finding[]>
}

export interface LookingAround {
  /** Looks again at once: something has just changed for the better. */
  readonly again: () => void
  readonly stop: () => void
}

const AGAIN_MILLISECONDS = 60_000
/** The first pod brings its bridge, kube-proxy its link, a sysctl changes behind our back; this costs a few small reads. */
const SOON_MILLISECONDS = 5_000

/** Looks once, and then again and again until it is stopped; what is new is logged, once. */
export async function lookAround(options: LookAroundOptions): Promise<LookingAround> {
  const { markMask, serviceProxy, signal, log, found, failed } = options
  const look = options.look ?? createPreflight({ markMask, serviceProxy, signal })
  const lookOften = options.lookOften ?? (() => [...checkBridges(), ...checkServiceProxy(serviceProxy)])
  let findings: readonly Finding[] = []

  function note(now: readonly Finding[]): void {
    if (signal.aborted) return
    const known = new Set(findings.map(key))
    for (const { id, severity, problem, cure } of now.filter((finding) => !known.has(key(finding)))) {
      log[severity === 'blocks' ? 'error' : 'warn'](problem, { finding: id, cure })
    }
    findings = now
    found(now)
  }

  const everything = async () => note(await look())
  const soon = async () => {
    const now = await lookOften()
    note([...findings.filter(({ id }) => !BRIDGE_FINDINGS.has(id) && id !== 'ipvs'), ...now])
  }

  await everything()
  const again = oneAtATime(everything, failed)
  const beats = [onTheBeat(AGAIN_MILLISECONDS, again), onTheBeat(SOON_MILLISECONDS, oneAtATime(soon, failed))]
  return { again, stop: () => beats.forEach((beat) => beat.stop()) }
}

function key({ id, problem }: Finding): string {
  return `${id} ${problem}`
}

/** Asked for while it looks, it looks once more afterwards: what it saw may be older than the reason to ask. */
function oneAtATime(look: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let looking = false
  let again = false
  const ask = (): void => {
    again = looking
    if (looking) return
    looking = true
    void look()
      .catch(failed)
      .finally(() => {
        looking = false
        if (again) ask()
      })
  }
  return ask
}
