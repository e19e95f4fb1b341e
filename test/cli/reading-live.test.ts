import { afterAll, beforeAll, expect, test } from 'vitest'
import { documents, policy, workload } from '../explain/manifests.ts'
import { describeKubeApi, type KubeApi, startKubeApi } from '../support/kube-api.ts'
import { selvedge } from './run-selvedge.ts'

describeKubeApi('the reading commands against a live cluster', () => {
  let api: KubeApi

  beforeAll(async () => {
    api = await startKubeApi()
    await api.ask('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } })
    for (const [name, address] of [
      ['web-1', '10.244.1.2'],
      ['db-1', '10.244.1.3'],
    ] as const) {
      const app = name.slice(0, -2)
      const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: app, uid: app, controller: true }
      const containers = [{ name: 'main', image: 'example' }]
      await api.ask('POST', '/api/v1/namespaces/shop/pods', {
        metadata: { name, labels: { app }, ownerReferences: [owner] },
        spec: { nodeName: 'node-1', containers },
      })
      const status = { phase: 'Running', podIP: address, podIPs: [{ ip: address }] }
      await api.ask('PATCH', `/api/v1/namespaces/shop/pods/${name}/status`, { status })
    }
    await api.ask('POST', '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies', {
      metadata: { name: 'db' },
      spec: { podSelector: { matchLabels: { app: 'db' } } },
    })
  }, 120_000)
  afterAll(() => api.stop())

  const live = (...args: readonly string[]) => [...args, '-n', 'shop', '--kubeconfig', api.adminKubeconfig]

  test('explain, graph and lint read it without -f', async () => {
    const run = await selvedge(live('explain', 'web', 'db', '5432', '-o', 'json'))
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 1, stderr: '' })
    expect(JSON.parse(run.stdout)).toMatchObject({ allowed: false, ingress: { isolatedBy: ['shop/db'] } })
    const graph = await selvedge(live('graph', '-o', 'json'))
    expect(JSON.parse(graph.stdout)).toMatchObject({
      nodes: [{ id: 'shop/db' }, { id: 'shop/web' }, { id: '0.0.0.0/0' }],
    })
    const message = 'is selected by no NetworkPolicy: everybody reaches it, and it reaches everybody'
    const stdout = `Pod shop/web-1: note: ${message}; select it by a policy [unprotected]\n`
    expect(await selvedge(live('lint'))).toEqual({ exitCode: 0, stdout, stderr: '' })
  }, 120_000)

  test('diff -f says what applying manifests would open', async () => {
    const input = documents(
      policy(
        'shop/db',
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 5432}]}]}',
      ),
      workload('shop/db', { kind: 'StatefulSet' }),
    )
    const run = await selvedge(live('diff', '-o', 'json', '-f', '-'), { input })
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 1, stderr: '' })
    expect(JSON.parse(run.stdout)).toMatchObject({
      opens: [{ from: 'shop/web', to: 'shop/db', protocol: 'TCP', ports: '5432' }],
      closes: [],
    })
  }, 120_000)

  test('who may not read is told what is missing: exit 3, nothing on standard output', async () => {
    const run = await selvedge([
      'explain',
      'web',
      'db',
      '80',
      '-n',
      'shop',
      '--kubeconfig',
      api.kubeconfig('reader', 'token'),
    ])
    expect(run).toMatchObject({ exitCode: 3, stdout: '' })
    expect(run.stderr).toContain('networkpolicies')
  }, 120_000)
})
