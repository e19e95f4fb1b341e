import type { RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { ClusterError } from './cluster-error.ts'
import { kubeconfigFiles } from './kubeconfig-files.ts'
import { type ConfigOptions, loadKubeconfig } from './load-kubeconfig.ts'
import { plainKubeconfig } from './plain-kubeconfig.ts'
import { serviceAccountTarget, serviceHost } from './service-account.ts'
import type { Target } from './target.ts'

/** The way to one cluster's API server. */
export interface ClusterAccess {
  /** Asked before each request: a rotated token, certificate or CA then needs nothing else. Throws a ClusterError. */
  target(): Promise<Target>
  /** The server refused who we say we are: read the configuration anew, and run credential plugins again. */
  refresh(): void
}

/** Reads nothing until the first target is asked for. */
export function createClusterAccess(options: ConfigOptions): ClusterAccess {
  let config: Promise<() => Target | Promise<Target>> | undefined
  return {
    async target() {
      try {
        if (config === undefined) {
          const files = kubeconfigFiles(options.kubeconfig)
          if (files.length === 0) return serviceAccountTarget()
          config = readConfig(files, options.context)
        }
        const target = await config
        return await target()
      } catch (error) {
        // Next time it may be there.
        config = undefined
        if (error instanceof ClusterError) throw error
        const reason = error instanceof Error ? error.message.trim() : String(error)
        throw new ClusterError({ kind: 'config' }, `credentials cannot be read: ${reason}`, { cause: error })
      }
    },
    refresh() {
      config = undefined
    },
  }
}

/**
 * Throws a ClusterError where nothing says which cluster: nothing is there to wait for. Credentials may still be missing, and
 * nobody is asked.
 */
export async function checkConfigured({ kubeconfig, context }: ConfigOptions): Promise<void> {
  const files = kubeconfigFiles(kubeconfig)
  if (files.length === 0) serviceHost()
  else await readConfig(files, context)
}

/** What cannot be read at all is left to the library as well, which says why. */
async function readConfig(files: readonly string[], context: string | undefined) {
  const plain = tryPlain(files, context)
  if (plain !== undefined) return plain
  const config = await loadKubeconfig(files, context)
  return () => readTarget(config)
}

function tryPlain(files: readonly string[], context: string | undefined): (() => Target) | undefined {
  try {
    return plainKubeconfig(files, context)
  } catch {
    return undefined
  }
}

async function readTarget(config: KubeConfig): Promise<Target> {
  const options: RequestOptions & { servername?: string } = { headers: {} }
  await config.applyToHTTPSOptions(options)
  const cluster = config.getCurrentCluster()
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = String(value).trim()
  if (typeof options.auth === 'string') {
    headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`
  }
  return {
    server: new URL(cluster?.server ?? ''),
    headers,
    tls: {
      ca: material(options.ca),
      cert: material(options.cert),
      key: material(options.key),
      servername: options.servername,
      rejectUnauthorized: options.rejectUnauthorized,
    },
    proxy: cluster?.proxyUrl,
  }
}

function material(value: unknown): string | Buffer | undefined {
  return typeof value === 'string' || Buffer.isBuffer(value) ? value : undefined
}
