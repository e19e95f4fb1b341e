/** A kubeconfig of one cluster and one user; `cluster` and `user` as it has them, or the server alone. */
export function kubeconfigText(
  cluster: string | Readonly<Record<string, unknown>>,
  user: Readonly<Record<string, unknown>> = { token: 'secret' },
): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster: typeof cluster === 'string' ? { server: cluster } : cluster }],
    users: [{ name: 'user', user }],
    contexts: [{ name: 'context', context: { cluster: 'cluster', user: 'user' } }],
    'current-context': 'context',
  })
}
