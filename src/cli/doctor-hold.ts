import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { followSandboxes } from '../agent/follow-sandboxes.ts'
import { NO_HOLD, type HoldOptions } from '../agent/hold-options.ts'
import { bridgeLocalFindings } from '../kernel/bridge-local-finding.ts'
import { type BootCheckOptions, checkBoot } from '../kernel/check-boot.ts'
import type { Finding } from '../kernel/finding.ts'
import { DEFAULT_CACHE_FOLDER } from '../sources/cni/create-cni-source.ts'
import type { AgentStatus } from '../telemetry/agent-status.ts'
import { askStatus, DEFAULT_SOCKET } from '../telemetry/status-socket.ts'
import { StatusSocketError } from '../telemetry/status-socket-error.ts'

/** What `doctor` was told itself; what it was not, the agent of this node was told, where one answers. */
export interface HoldTold {
  readonly hold?: HoldOptions['mode']
  readonly bridgeLocal?: RulesetOptions['bridgeLocal']
  /** Of the agent; default: where agents have it. */
  readonly socket?: string
  readonly boot?: BootCheckOptions
}

/** Can new pods be closed from their first packet here, who is closed and spoken past, and does something of a boot remain? */
export async function lookAtHold(told: HoldTold): Promise<readonly Finding[]> {
  const status = await statusOfAgent(told.socket ?? DEFAULT_SOCKET)
  const options = status?.options ?? {}
  const mode = told.hold ?? MODES.find((known) => known === options['hold'])
  const bridgeLocal = told.bridgeLocal ?? (options['bridge-local'] === 'pass' ? 'pass' : 'drop')
  let findings: readonly Finding[] = []
  let isOn = false
  followSandboxes({
    hold: {
      ...NO_HOLD,
      mode: mode ?? 'off',
      isTold: mode !== undefined,
      blocks: (options['hold-cidr'] ?? '').split(', ').flatMap((text) => parseBlock(text)?.block ?? []),
      cacheFolder: options['cni-cache'] ?? DEFAULT_CACHE_FOLDER,
    },
    established: options['established'] === 'keep' ? 'keep' : 'rejudge',
    changes: (changes) => {
      for (const change of changes) if (change.type === 'hold') isOn = change.subnets.kind === 'on'
    },
    findings: (now) => {
      findings = now
    },
    lost: () => undefined,
    isRunning: () => false,
  }).stop()
  const isAnyClosed = isOn || (status?.enforced?.pods ?? []).length > 0
  return [...findings, ...bridgeLocalFindings({ bridgeLocal, isAnyClosed }), ...(await checkBoot(told.boot))]
}

const MODES = ['auto', 'on', 'off'] as const

/** Undefined where no agent answers. */
async function statusOfAgent(socket: string): Promise<AgentStatus | undefined> {
  try {
    return await askStatus(socket)
  } catch (error) {
    if (!(error instanceof StatusSocketError)) throw error
    return undefined
  }
}
