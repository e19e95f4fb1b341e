import { addAgents, type Manner } from '../sources/agents/fake-agents.ts'
import { startFakeApi } from '../sources/kubernetes/fake-api.ts'
import { namespace, pod, policy } from '../sources/kubernetes/fake-objects.ts'
import { writeKubeconfig } from '../support/write-kubeconfig.ts'

/** What the agent of a node says to `ask`. */
export function answer(node: string, flows: readonly object[], more: object = {}): string {
  const at = new Date().toISOString()
  return `${JSON.stringify({ version: '0.1.0', node, at, since: at, flows, totals: [], full: false, ...more })}\n`
}

/** A flow of TCP that was denied. */
export function flow(source: string, destination: string, port: number, packets = 3): object {
  const carries = { protocol: 'TCP', port }
  return { node: 'a', source, destination, carries, directed: true, packets, lastAge: 2, firstAge: 60 }
}

/** Which its policy denies. */
export const IDLE_TO_DB = flow('10.244.0.7', '10.244.0.6', 5432)

/** The shop, whose db takes web only, behind a fake API server, with an agent on node1 that has denied nothing, and these. */
export async function askedShop(manners: Readonly<Record<string, Manner>>) {
  const api = await startFakeApi()
  api.resource('namespaces').put(namespace('shop'))
  api.resource('pods').put(pod('web', { ip: '10.244.0.5' }))
  api.resource('pods').put(pod('db', { ip: '10.244.0.6' }))
  api.resource('pods').put(pod('idle', { ip: '10.244.0.7' }))
  const ingress = [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }]
  api.resource('networkpolicies').put(policy('db', { podSelector: { matchLabels: { app: 'db' } }, ingress }))
  for (const name of ['node1', ...Object.keys(manners)]) {
    api.resource('nodes').put({ apiVersion: 'v1', kind: 'Node', metadata: { name } })
  }
  return {
    api,
    agents: addAgents(api, { node1: { says: answer('node1', []) }, ...manners }),
    kubeconfig: writeKubeconfig(api.url),
  }
}
