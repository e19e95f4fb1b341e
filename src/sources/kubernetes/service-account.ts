import { readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { ClusterError } from './cluster-error.ts'
import type { Target } from './target.ts'

/** Where the kubelet puts what a pod says who it is by. */
const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The API server as a pod knows it: the address in its environment, its token and CA in files. Read anew each time, since the
 * kubelet replaces the token within the hour. The client library could do it, too, for 16 MiB of resident memory on each
 * node (a bundle with its KubeConfig, against one without). Throws a ClusterError of kind `config`, and what fs throws.
 */
export function serviceAccountTarget(folder: string = FOLDER): Target {
  const host = serviceHost()
  const port = process.env['KUBERNETES_SERVICE_PORT'] ?? '443'
  const token = readFileSync(join(folder, 'token'), 'utf8').trim()
  return {
    server: new URL(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`),
    headers: token === '' ? {} : { authorization: `Bearer ${token}` },
    tls: { ca: readFileSync(join(folder, 'ca.crt')) },
    proxy: undefined,
  }
}

/** Where a pod finds the API server. Throws a ClusterError of kind `config` where this is no pod. */
export function serviceHost(): string {
  const host = process.env['KUBERNETES_SERVICE_HOST'] ?? ''
  if (host !== '') return host
  const listed = process.env['KUBECONFIG'] ?? ''
  const problem = listed === '' ? '' : ` (KUBECONFIG=${listed} names no file that is there)`
  throw new ClusterError(
    { kind: 'config' },
    `no cluster is configured${problem}: set --kubeconfig or KUBECONFIG, or run in a pod`,
  )
}
