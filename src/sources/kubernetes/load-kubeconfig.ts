import { existsSync } from 'node:fs'
import type { KubeConfig } from '@kubernetes/client-node'
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js'
import { systemReason } from '../files/system-reason.ts'
import { ClusterError } from './cluster-error.ts'
import { isServer, tokenFiles } from './kubeconfig-files.ts'

export interface ConfigOptions {
  /** A file; undefined: $KUBECONFIG, ~/.kube/config, or the pod's service account, in this order. */
  readonly kubeconfig?: string | undefined
  /** undefined: the current context of the file. */
  readonly context?: string | undefined
}

interface ConfigParts {
  readonly clusters: Cluster[]
  readonly users: User[]
  readonly contexts: Context[]
  readonly currentContext: string
}

/**
 * Reads the files afresh, so that a rewritten one counts; `wantedContext`: undefined for the current one. Throws a
 * ClusterError of kind `config`.
 */
export async function loadKubeconfig(files: readonly string[], wantedContext: string | undefined): Promise<KubeConfig> {
  // Half a second and most of a small agent's memory: only for whoever talks to a cluster.
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js')
  const config = new KubeConfig()
  const parts = files.map((file) => readFile(new KubeConfig(), file))
  const contexts = firstOfEachName(parts.flatMap((part) => part.contexts))
  const wanted = wantedContext ?? parts.map((part) => part.currentContext).find((name) => name) ?? ''
  const context = contexts.find(({ name }) => name === wanted)
  if (context === undefined) throw configError(`${files.join(', ')}: ${noContext(wanted, contexts)}`)
  const cluster = firstOfEachName(parts.flatMap((part) => part.clusters)).find(({ name }) => name === context.cluster)
  if (cluster === undefined) {
    throw configError(`${files.join(', ')}: context "${wanted}" names cluster "${context.cluster}", which is not there`)
  }
  if (!isServer(cluster.server)) {
    const problem = cluster.server ? `server "${cluster.server}", which is no http:// or https:// URL` : 'no server'
    throw configError(`${files.join(', ')}: cluster "${cluster.name}" has ${problem}`)
  }
  const user = firstOfEachName(parts.flatMap((part) => part.users)).find(({ name }) => name === context.user)
  // For an unencrypted server client-node wants the wish not to verify TLS; without a user it forgets the CA.
  const usable = cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster
  const anyone = { name: 'nobody' }
  config.loadFromOptions({
    clusters: [usable],
    users: [user ?? anyone],
    contexts: [{ ...context, user: (user ?? anyone).name }],
    currentContext: context.name,
  })
  return config
}

function noContext(wanted: string, contexts: readonly Context[]): string {
  const known = contexts.map(({ name }) => name).join(', ')
  if (known === '') return 'holds no context, so it names no cluster'
  return wanted === ''
    ? `has no current context; give --context, one of: ${known}`
    : `has no context "${wanted}"; there is: ${known}`
}

function readFile(config: KubeConfig, file: string): ConfigParts {
  try {
    config.loadFromFile(file)
    const tokens = tokenFiles(file)
    const users = config.getUsers().map((user) => {
      const tokenFile = tokens.get(user.name)
      if (tokenFile === undefined) return user
      const { token: _, ...rest } = user
      return { ...rest, authProvider: { name: 'tokenFile', config: { tokenFile } } }
    })
    const { clusters, contexts, currentContext } = config
    return { clusters, users, contexts, currentContext }
  } catch (error) {
    const hint = existsSync(file) ? '' : '; name the kubeconfig of the cluster with --kubeconfig or KUBECONFIG'
    throw configError(`${file}: ${systemReason(error)}${hint}`, error)
  }
}

/** Of two files that give one name, the first counts, as for kubectl. */
function firstOfEachName<Item extends { readonly name: string }>(items: readonly Item[]): readonly Item[] {
  const first = new Map<string, Item>()
  for (const item of items) if (!first.has(item.name)) first.set(item.name, item)
  return [...first.values()]
}

function configError(message: string, cause?: unknown): ClusterError {
  return new ClusterError({ kind: 'config' }, message.replace(/\s*\n\s*/g, ' '), { cause })
}
