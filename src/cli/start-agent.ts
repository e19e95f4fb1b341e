import { hostname } from 'node:os'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { checkDnsSubdomain } from '../../compiler/objects/name-syntax.ts'
import { quote } from '../../compiler/objects/quote.ts'
import { programVersion } from '../agent/program-version.ts'
import { runAgent } from '../agent/run-agent.ts'
import { findServiceProxy } from '../kernel/find-service-proxy.ts'
import { acquireInstanceLock } from '../kernel/instance-lock.ts'
import { createFilesSource } from '../sources/files/create-files-source.ts'
import { checkConfigured } from '../sources/kubernetes/cluster-access.ts'
import { ClusterError } from '../sources/kubernetes/cluster-error.ts'
import { createKubernetesSource } from '../sources/kubernetes/create-kubernetes-source.ts'
import type { Source } from '../sources/source.ts'
import { createLog } from '../telemetry/log.ts'
import type { AgentFlags } from './agent-flags.ts'
import { auditOptions } from './audit-options.ts'
import { EXIT } from './exit-codes.ts'
import { holdOptions } from './hold-options.ts'
import { rulesetOptions } from './ruleset-options.ts'

/** Runs the agent of this node until a signal ends it. */
export async function startAgent(flags: AgentFlags): Promise<void> {
  // The kubelet makes small letters of a host name too.
  const node = flags.node ?? process.env['NODE_NAME'] ?? hostname().toLowerCase()
  const [problem] = checkDnsSubdomain(node)
  if (problem !== undefined) {
    const from = flags.node === undefined && process.env['NODE_NAME'] !== undefined ? 'NODE_NAME' : 'the host name'
    process.stderr.write(`${from} ${quote(node)} can be no node: ${problem}; give --node NAME\n`)
    process.exitCode = EXIT.badInput
    return
  }
  const notConfigured = flags.filename === undefined ? await noCluster(flags) : undefined
  if (notConfigured !== undefined) {
    process.stderr.write(`${notConfigured}; or watch manifests with -f\n`)
    process.exitCode = EXIT.environment
    return
  }
  const log = createLog({ facts: { node, version: programVersion() } })
  const ending = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ending.abort())
  const lock = await acquireInstanceLock({ holder: `selvedge ${programVersion()}`, signal: ending.signal })
  // Told to end before it began, whoever else is there.
  if (ending.signal.aborted) {
    if (lock.kind === 'held') await lock.release()
    log.close()
    return
  }
  if (lock.kind === 'taken') {
    log.error('another agent runs on this node', { holder: lock.holder ?? 'it does not say who it is' })
    process.exitCode = EXIT.environment
    return
  }
  try {
    const serviceProxy = flags.serviceProxy === 'auto' ? findServiceProxy() : flags.serviceProxy
    await runAgent({
      node,
      source: sourceOf(flags, node),
      ruleset: rulesetOptions({ ...flags, serviceProxy }),
      serviceProxyFound: flags.serviceProxy === 'auto',
      hold: holdOptions(flags),
      audit: auditOptions(flags),
      listen: flags.listen,
      socket: flags.socket,
      verifyIntervalSeconds: flags.verifyInterval,
      nftTimeoutSeconds: flags.nftTimeout,
      sourceFlags: sourceFlags(flags),
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

/** Why there is no cluster to wait for; one that is away is waited for. */
async function noCluster(flags: AgentFlags): Promise<string | undefined> {
  try {
    await checkConfigured(flags)
    return undefined
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    return error.message
  }
}

/** Where the objects come from, for `status`. */
function sourceFlags(flags: AgentFlags): Readonly<Record<string, string>> {
  const { filename, namespace, kubeconfig, context, startJitter } = flags
  if (filename !== undefined) return { filename: filename.join(', '), namespace }
  return {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    'start-jitter': String(startJitter),
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
