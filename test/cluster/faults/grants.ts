import { app, tcp } from '../../kernel/policies.ts'
import { policy } from '../../oracle/make-objects.ts'
import type { RawPolicy } from '../../oracle/raw-cluster.ts'
import type { KubeApi } from '../../support/kube-api.ts'
import { pathOfKind } from '../api-objects.ts'

const PATH = pathOfKind('NetworkPolicy', 'shop')

/** A policy that lets far reach this TCP port of db, and does nothing else: db is isolated anyhow. */
export function grantPolicy(port: number): RawPolicy {
  return policy(`shop/grant-${port}`, {
    podSelector: { matchLabels: { app: 'db' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [app('far')], ports: [tcp(port)] }],
  })
}

/** By the API itself, past the proxy. */
export async function grant(api: KubeApi, port: number): Promise<void> {
  await api.ask('POST', PATH, grantPolicy(port))
}

export async function revoke(api: KubeApi, port: number): Promise<void> {
  await api.ask('DELETE', `${PATH}/grant-${port}`)
}
