import { Command, InvalidArgumentError, Option } from 'commander'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { DEFAULT_LISTEN } from '../telemetry/listen-address.ts'
import { DEFAULT_SOCKET } from '../telemetry/socket-path.ts'
import { addRulesetOptions } from './ruleset-options.ts'

export interface AgentFlags extends RulesetOptions {
  readonly node?: string
  readonly filename?: readonly string[]
  readonly namespace: string
  readonly kubeconfig?: string
  readonly context?: string
  readonly listen: string
  readonly socket: string
  readonly startJitter: number
  readonly verifyInterval: number
}

/** `selvedge agent`: keeps this node's kernel equal to what `selvedge compile` would print. */
export function agentCommand(): Command {
  const command = new Command('agent')
    .description("keep this node's nftables equal to the policies of the cluster, or of a directory")
    .option('--node <name>', 'name of this node (default: $NODE_NAME, else the host name)')
    .option('-f, --filename <path...>', 'watch these files and directories instead of the API server')
    .option('-n, --namespace <name>', 'namespace of objects in files that do not say theirs', 'default')
    .option('--kubeconfig <file>', 'kubeconfig (default: $KUBECONFIG, ~/.kube/config, else the service account)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--listen <address:port>', 'where /metrics, /healthz and /readyz answer', DEFAULT_LISTEN)
    .option('--socket <path>', 'unix socket that `selvedge status` asks', DEFAULT_SOCKET)
    .addOption(
      new Option('--start-jitter <seconds>', 'spread of the first request to the API')
        .argParser(parseSeconds)
        .default(0),
    )
    .addOption(
      new Option('--verify-interval <seconds>', 'full comparison with the kernel').argParser(parseSeconds).default(60),
    )
  return addRulesetOptions(command).action(async (flags: AgentFlags) => {
    // What watches a cluster and serves metrics costs half a second to load, and the other commands need none of it.
    const { startAgent } = await import('./start-agent.ts')
    await startAgent(flags)
  })
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!Number.isFinite(seconds) || seconds < 0 || text.trim() === '')
    throw new InvalidArgumentError('give seconds, such as 5.')
  return seconds
}
