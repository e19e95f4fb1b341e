import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { followSandboxes } from '../agent/follow-sandboxes.ts'
import { NO_HOLD, type HoldOptions } from '../agent/hold-options.ts'
import { checkBoot } from '../kernel/check-boot.ts'
import type { Finding } from '../kernel/finding.ts'
import { DEFAULT_CACHE_FOLDER } from '../sources/cni/create-cni-source.ts'
import { askStatus, DEFAULT_SOCKET } from '../telemetry/status-socket.ts'
import { StatusSocketError } from '../telemetry/status-socket-error.ts'

/** Can new pods be closed from their first packet here, and does something of a boot remain? As the agent of this node was told, where one answers. */
export async function lookAtHold(told: HoldOptions['mode'] | undefined): Promise<readonly Finding[]> {
  const options = await optionsOfAgent()
  const mode = told ?? MODES.find((known) => known === options['hold'])
  let findings: readonly Finding[] = []
  followSandboxes({
    hold: {
      ...NO_HOLD,
      mode: mode ?? 'off',
      isTold: mode !== undefined,
      blocks: (options['hold-cidr'] ?? '').split(', ').flatMap((text) => parseBlock(text)?.block ?? []),
      cacheFolder: options['cni-cache'] ?? DEFAULT_CACHE_FOLDER,
    },
    established: options['established'] === 'keep' ? 'keep' : 'rejudge',
    changes: () => undefined,
    findings: (now) => {
      findings = now
    },
    lost: () => undefined,
    isRunning: () => false,
  }).stop()
  return [...findings, ...(await checkBoot())]
}

const MODES = ['auto', 'on', 'off'] as const

/** Of the agent on this node; none where no agent answers. */
async function optionsOfAgent(): Promise<Readonly<Record<string, string>>> {
  try {
    return (await askStatus(DEFAULT_SOCKET)).options
  } catch (error) {
    if (!(error instanceof StatusSocketError)) throw error
    return {}
  }
}
