import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { type ApiClient, ApiRefusal, type Method } from './api-client.ts'
import { until } from './until.ts'

const RBAC = join(PROJECT_ROOT, 'deploy', 'kustomize', 'base', 'rbac.yaml')

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

const PLURALS: Readonly<Record<string, string>> = {
  ServiceAccount: 'serviceaccounts',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
}

/** The objects of the deployment that say what the agent may do, as `kubectl apply` would send them. */
export function rbacManifests(): readonly Manifest[] {
  return parseAllDocuments(readFileSync(RBAC, 'utf8')).map((document) => document.toJS() as Manifest)
}

/** Where the API makes objects like this one. */
export function pathOfManifest({ apiVersion, kind, metadata }: Manifest): string {
  const plural = PLURALS[kind]
  if (plural === undefined) throw new Error(`${kind} is not expected among the rights of the agent`)
  const within = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`
  return `${apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`}${within}/${plural}`
}

/** Gives the agent the rights of the deployment and returns a token of its service account, good for an hour. */
export async function createServiceAccount(client: ApiClient): Promise<string> {
  const must = async (method: Method, path: string, body?: unknown): Promise<unknown> => {
    const answer = await client.ask(method, path, body)
    if (answer.status >= 300) throw new ApiRefusal(`${method} ${path}`, answer)
    return answer.body
  }
  // The API server makes it itself, a moment after it is ready.
  await until('the namespace kube-system', async () => {
    return (await client.ask('GET', '/api/v1/namespaces/kube-system')).status === 200
  })
  for (const manifest of rbacManifests()) await must('POST', pathOfManifest(manifest), manifest)
  const answer = await must('POST', '/api/v1/namespaces/kube-system/serviceaccounts/selvedge/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3600 },
  })
  return (answer as { readonly status: { readonly token: string } }).status.token
}
