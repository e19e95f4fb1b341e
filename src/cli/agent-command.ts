import { Command, InvalidArgumentError, Option } from 'commander'
import { checkDnsSubdomain } from '../../compiler/objects/name-syntax.ts'
import { highestGeneration } from '../../compiler/nftables/options.ts'
import { restartWithFlags } from '../agent/restart-with-flags.ts'
import { DEFAULT_LISTEN, parseListen } from '../telemetry/listen-address.ts'
import { DEFAULT_SOCKET } from '../telemetry/socket-path.ts'
import type { AgentFlags } from './agent-flags.ts'
import { addAuditOptions } from './audit-options.ts'
import { addHoldOptions } from './hold-options.ts'
import { nameParser } from './input-options.ts'
import { addRulesetOptions } from './ruleset-options.ts'

/** `selvedge agent`: keeps this node's kernel equal to what `selvedge compile` would print. */
export function agentCommand(): Command {
  const command = new Command('agent')
    .description("keep this node's nftables equal to the policies of the cluster, or of a directory")
    .option(
      '--node <name>',
      'name of this node (default: $NODE_NAME, else the host name)',
      nameParser(checkDnsSubdomain),
    )
    .addOption(
      new Option('-f, --filename <path...>', 'watch these files and directories instead of the API server').argParser(
        addPath,
      ),
    )
    .option('-n, --namespace <name>', 'namespace of objects in files that do not say theirs', 'default')
    .option('--kubeconfig <file>', 'kubeconfig (default: $KUBECONFIG, ~/.kube/config, else the service account)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--listen <address:port>', 'where /metrics, /healthz and /readyz answer', checkListen, DEFAULT_LISTEN)
    .option('--socket <path>', 'unix socket that `selvedge status` asks', DEFAULT_SOCKET)
    .addOption(
      new Option('--start-jitter <seconds>', 'spread of the first request to the API')
        .argParser(parseSeconds)
        .default(0),
    )
    .addOption(
      new Option('--verify-interval <seconds>', 'full comparison with the kernel').argParser(parseInterval).default(60),
    )
    .addOption(
      new Option('--nft-timeout <seconds>', 'after which a run of nft is ended, and taken for failed')
        .argParser(parseInterval)
        .default(30),
    )
  addHoldOptions(command)
  addAuditOptions(command)
  return addRulesetOptions(command, { looks: true }).action(async (flags: AgentFlags) => {
    const generations = highestGeneration(flags.markMask)
    if (generations < FEWEST_GENERATIONS) {
      command.error(
        `error: option '--mark-mask <hex>' has too few bits: ${generations} generation${generations === 1 ? '' : 's'} would ` +
          'come again while flows still carry them, and a right that was taken could return; give 4 bits or more.',
      )
    }
    if (flags.hold === 'on' && flags.established === 'keep') {
      command.error(
        "error: option '--hold on' cannot be with '--established keep': an address that one pod leaves and another gets would " +
          'keep the live flows of the first.',
      )
    }
    if (flags.holdAtBoot && (flags.hold ?? 'off') === 'off') {
      command.error("error: option '--hold-at-boot' needs '--hold auto' or '--hold on'.")
    }
    restartWithFlags()
    // What watches a cluster and serves metrics costs half a second to load, and the other commands need none of it.
    const { startAgent } = await import('./start-agent.ts')
    await startAgent(flags)
  })
}

/** Each revocation takes a number that no live flow carries; with fewer than these there soon is none. */
const FEWEST_GENERATIONS = 15
/** A day; timers of Node end at 24 days, and begin anew at 1 ms. */
const MOST_SECONDS = 86_400

function addPath(path: string, paths: readonly string[] = []): readonly string[] {
  if (path === '-') {
    throw new InvalidArgumentError('standard input cannot be watched; give a file or a directory.')
  }
  if (path === '') throw new InvalidArgumentError('give a file or a directory.')
  return [...paths, path]
}

function checkListen(text: string): string {
  if (parseListen(text) === undefined)
    throw new InvalidArgumentError('write it as 127.0.0.1:9753, [::1]:9753 or :9753.')
  return text
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (text.trim() === '' || !(seconds >= 0 && seconds <= MOST_SECONDS)) {
    throw new InvalidArgumentError(`give seconds, such as 5, up to ${MOST_SECONDS}.`)
  }
  return seconds
}

function parseInterval(text: string): number {
  const seconds = parseSeconds(text)
  if (seconds < SHORTEST_INTERVAL) throw new InvalidArgumentError(`give seconds from ${SHORTEST_INTERVAL}.`)
  return seconds
}

const SHORTEST_INTERVAL = 0.1
