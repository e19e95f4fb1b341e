import type { Lab } from '../../../src/lab/lab.ts'
import { forwardPort } from '../../cluster/forward-port.ts'
import { startKubeApi } from '../../support/kube-api.ts'
import type { ApiObject, BenchCluster } from './bench-cluster.ts'

const PATHS: Readonly<Record<string, string>> = {
  Pod: '/api/v1/namespaces/{}/pods',
  Namespace: '/api/v1/namespaces',
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies',
}

export interface RealCluster extends BenchCluster {
  removeAllPolicies(namespaces: readonly string[]): Promise<void>
}

/**
 * kube-apiserver and etcd of this machine. The agent reaches them through two pipes of this process, some tenths of a
 * millisecond: this process must not be busy while something is measured.
 */
export async function startRealCluster(lab: Lab, node: string): Promise<RealCluster> {
  const api = await startKubeApi()
  const port = Number(new URL(api.url).port)
  const forwarded = await forwardPort(lab, node, { port, target: () => ({ host: '127.0.0.1', port }) }).catch(
    async (error: unknown) => {
      await api.stop()
      throw error
    },
  )
  const pathOf = ({ kind, metadata }: ApiObject): string => (PATHS[kind] ?? '').replace('{}', metadata.namespace ?? '')
  const ownPath = (object: ApiObject): string => `${pathOf(object)}/${object.metadata.name}`
  return {
    kubeconfig: api.adminKubeconfig,
    async create({ status, ...object }) {
      await api.ask('POST', pathOf(object), object)
      // The kubelet's part.
      if (status !== undefined) await api.ask('PATCH', `${ownPath(object)}/status`, { status })
    },
    async remove(object) {
      await api.ask('DELETE', `${ownPath(object)}?gracePeriodSeconds=0`)
    },
    async relabel(object) {
      await api.ask('PATCH', ownPath(object), { metadata: { labels: object.metadata.labels } })
    },
    async removeAllPolicies(namespaces) {
      const policies = PATHS['NetworkPolicy'] ?? ''
      for (const namespace of namespaces) await api.ask('DELETE', policies.replace('{}', namespace))
    },
    async close() {
      await forwarded.close()
      await api.stop()
    },
  }
}
