import { hostname } from 'node:os'
import { Command, InvalidArgumentError, Option } from 'commander'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import { programVersion } from '../agent/program-version.ts'
import { runAgent } from '../agent/run-agent.ts'
import { acquireInstanceLock } from '../kernel/instance-lock.ts'
import { createFilesSource } from '../sources/files/create-files-source.ts'
import { createKubernetesSource } from '../sources/kubernetes/create-kubernetes-source.ts'
import type { Source } from '../sources/source.ts'
import { createLog } from '../telemetry/log.ts'
import { DEFAULT_LISTEN } from '../telemetry/http-server.ts'
import { DEFAULT_SOCKET } from '../telemetry/status-socket.ts'
import { EXIT } from './exit-codes.ts'
import { addRulesetOptions, rulesetOptions } from './ruleset-options.ts'

interface AgentFlags extends RulesetOptions {
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
  return addRulesetOptions(command).action(agent)
}

async function agent(flags: AgentFlags): Promise<void> {
  const node = flags.node ?? process.env['NODE_NAME'] ?? hostname()
  const log = createLog({ facts: { node, version: programVersion() } })
  const ending = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ending.abort())
  const lock = await acquireInstanceLock({ holder: `selvedge ${programVersion()}`, signal: ending.signal })
  if (lock.kind === 'taken') {
    log.error('another agent runs on this node', { holder: lock.holder ?? 'it does not say who it is' })
    process.exitCode = EXIT.environment
    return
  }
  try {
    await runAgent({
      node,
      source: sourceOf(flags, node),
      ruleset: rulesetOptions(flags),
      listen: flags.listen,
      socket: flags.socket,
      verifyIntervalSeconds: flags.verifyInterval,
      log,
      signal: ending.signal,
    })
  } catch (error) {
    // What stands keeps standing; whoever started the agent starts it again.
    log.error('ended by an error', { err: error })
    process.exitCode = EXIT.environment
  } finally {
    await lock.release()
    log.close()
  }
}

function sourceOf(flags: AgentFlags, nodeName: string): Source {
  if (flags.filename === undefined) {
    const { kubeconfig, context, startJitter } = flags
    return createKubernetesSource({ kubeconfig, context, startJitterSeconds: startJitter, nodeName })
  }
  const podRange = parseBlock('10.244.0.0/16')?.block
  if (podRange === undefined) throw new Error('the default pod range is a CIDR')
  return createFilesSource({ paths: flags.filename, defaultNamespace: flags.namespace, podCidr: podRange })
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!Number.isFinite(seconds) || seconds < 0 || text.trim() === '')
    throw new InvalidArgumentError('give seconds, such as 5.')
  return seconds
}
