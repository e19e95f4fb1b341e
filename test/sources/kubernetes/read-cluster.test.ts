import { expect, test } from 'vitest'
import { ClusterError } from '../../../src/sources/kubernetes/cluster-error.ts'
import { readCluster } from '../../../src/sources/kubernetes/read-cluster.ts'
import { writeKubeconfig } from '../../support/write-kubeconfig.ts'
import { sendStatus, startFakeApi } from './fake-api.ts'
import { namespace, pod, policy } from './fake-objects.ts'

async function startFilled() {
  const api = await startFakeApi()
  api.resource('namespaces').put(namespace('shop'))
  api.resource('networkpolicies').put(policy('deny'))
  for (let index = 0; index < 600; index += 1) api.resource('pods').put(pod(`web-${index}`))
  const metadata = { name: 'web', namespace: 'shop' }
  api.resource('services').put({ apiVersion: '', kind: '', metadata, spec: { ports: [{ port: 80 }] } })
  return api
}

test('gives everything once, of the newest version', async () => {
  const api = await startFilled()
  const { objects, others, diagnostics } = await readCluster({ kubeconfig: writeKubeconfig(api.url) })
  expect(objects).toHaveLength(602)
  expect(others).toMatchObject([
    {
      kind: 'Service',
      namespace: 'shop',
      name: 'web',
      value: { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80 }] } },
    },
  ])
  expect(diagnostics).toEqual([])
  expect(api.requests.every(({ query }) => !query.has('resourceVersion'))).toBe(true)
  expect(api.listsOf('pods')).toHaveLength(2)
})

test('nothing is given twice when the server loses its version between two pages', async () => {
  const api = await startFilled()
  api.answerNext('pods', 'list', () => false)
  api.answerNext('pods', 'list', () => (api.resource('pods').compact(), false))
  const { objects } = await readCluster({ kubeconfig: writeKubeconfig(api.url) })
  expect(objects).toHaveLength(602)
})

test('Nodes and what is behind Services come with it, and pods say of their nodes what the agent never keeps', async () => {
  const api = await startFilled()
  api.resource('nodes').put({ apiVersion: '', kind: '', metadata: { name: 'n1' }, spec: { podCIDR: '10.244.1.0/24' } })
  const labels = { 'kubernetes.io/service-name': 'web' }
  const metadata = { name: 'web-1', namespace: 'shop', labels }
  api.resource('endpointslices').put({ apiVersion: '', kind: '', metadata, endpoints: [] })
  const known = pod('hosted')
  const status = { phase: 'Running', podIP: '10.244.1.2', hostIP: '192.168.50.21' }
  api.resource('pods').put({ ...known, status })
  const { objects, others, diagnostics } = await readCluster({ kubeconfig: writeKubeconfig(api.url) })
  expect(others.map(({ kind, namespace: of, name }) => `${kind} ${of}/${name}`)).toEqual([
    'Service shop/web',
    'Node /n1',
    'EndpointSlice shop/web-1',
  ])
  expect(objects.find(({ name }) => name === 'hosted')).toMatchObject({ host: { addresses: ['192.168.50.21'] } })
  expect(diagnostics).toEqual([])
})

test.each(['services', 'ingresses', 'nodes', 'endpointslices'])(
  'without the right to list %s it says so in a note, and goes on',
  async (plural) => {
    const api = await startFilled()
    api.answerNext(plural, 'list', (_, response) => sendStatus(response, 403, 'Forbidden', `${plural} is forbidden`))
    const { objects, diagnostics } = await readCluster({ kubeconfig: writeKubeconfig(api.url) })
    expect(objects).toHaveLength(602)
    expect(diagnostics).toMatchObject([{ severity: 'note', code: 'cannot-list' }])
    expect(diagnostics[0]?.problem).toContain(`grant the verb "list" on ${plural}`)
  },
)

test('another failure with Services is a warning; without the right to list pods there is no answer', async () => {
  const api = await startFilled()
  api.answerNext('services', 'list', (_, response) => sendStatus(response, 500, 'InternalError', 'etcd is away'))
  const read = await readCluster({ kubeconfig: writeKubeconfig(api.url) })
  expect(read.others).toEqual([])
  expect(read.diagnostics).toMatchObject([{ severity: 'warning', code: 'cannot-list' }])

  api.answerNext('pods', 'list', (_, response) => sendStatus(response, 403, 'Forbidden', 'pods is forbidden'))
  const failure: unknown = await readCluster({ kubeconfig: writeKubeconfig(api.url) }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(ClusterError)
  expect((failure as ClusterError).message).toContain('grant the verb "list" on pods in a ClusterRole')
})

test('a broken object is a diagnostic', async () => {
  const api = await startFilled()
  api.resource('networkpolicies').put(policy('odd', { podSelector: 5 }))
  const { objects, diagnostics } = await readCluster({ kubeconfig: writeKubeconfig(api.url) })
  // It is there all the same, and closes its namespace.
  expect(objects).toHaveLength(603)
  expect(objects).toContainEqual(
    expect.objectContaining({ name: 'odd', unreadable: 'spec.podSelector: Invalid value: 5: must be a mapping' }),
  )
  expect(diagnostics).toMatchObject([{ severity: 'error', object: 'NetworkPolicy shop/odd' }])
})
