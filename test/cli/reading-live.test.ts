import { afterAll, beforeAll, expect, test } from 'vitest'
import { documents, policy, workload } from '../explain/manifests.ts'
import { describeKubeApi, type KubeApi, startKubeApi } from '../support/kube-api.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { startMcp } from './mcp/mcp-client.ts'
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
      nodes: [
        { id: 'shop/db' },
        { id: 'shop/web' },
        { id: 'the whole cluster', kind: 'possible' },
        { id: '0.0.0.0/0' },
      ],
    })
    const message = 'is selected by no NetworkPolicy: everybody reaches it, and it reaches everybody'
    const stdout = `Pod shop/web-1: note: ${message}; select it by a policy [unprotected]\n`
    expect(await selvedge(live('lint'))).toEqual({ exitCode: 0, stdout, stderr: '' })
  }, 120_000)

  test('an annotation of a live object silences a rule of lint, and one that silences nothing is told of that object', async () => {
    const ignore = (path: string, rules: string | null) =>
      api.ask('PATCH', path, { metadata: { annotations: { 'selvedge.io/lint-ignore': rules } } })
    const web = '/api/v1/namespaces/shop/pods/web-1'
    const db = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/db'
    await ignore(web, 'unprotected')
    expect(await selvedge(live('lint'))).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    await ignore(db, 'selects-no-pod, rule-shadowd')
    const stdout =
      'NetworkPolicy shop/db: warning: silences rule-shadowd, and there is no such rule; did you mean rule-shadowed? [ignore-without-effect]\n' +
      'NetworkPolicy shop/db: warning: silences selects-no-pod, which has nothing to say here; take it away [ignore-without-effect]\n'
    expect(await selvedge(live('lint'))).toEqual({ exitCode: 1, stdout, stderr: '' })
    const json = await selvedge(live('lint', '-o', 'json'))
    expect(JSON.parse(json.stdout)).toMatchObject([
      { file: null, line: null, object: 'NetworkPolicy shop/db', rule: 'ignore-without-effect' },
      { file: null, line: null, object: 'NetworkPolicy shop/db', rule: 'ignore-without-effect' },
    ])
    await ignore(db, null)
    await ignore(web, null)
  }, 120_000)

  test('mcp answers about it where a call names no files', async () => {
    const { call } = await startMcp(PROJECT_ROOT, ['--kubeconfig', api.adminKubeconfig])
    const { structured } = await call('can_reach', { from: 'shop/web', to: 'shop/db', port: '5432' })
    expect(structured).toMatchObject({ verdict: 'denied', policies: ['shop/db'], places: [] })
    expect(structured?.['suggestion']).toContain('kind: NetworkPolicy')
  }, 120_000)

  test('a node port of the cluster leads to its pod, and the API server to its own endpoints', async () => {
    await api.ask('POST', '/api/v1/nodes', { metadata: { name: 'node-1' }, spec: { podCIDR: '10.244.1.0/24' } })
    await api.ask('PATCH', '/api/v1/nodes/node-1/status', {
      status: { addresses: [{ type: 'InternalIP', address: '192.168.50.21' }] },
    })
    const ports = [{ port: 80, targetPort: 5432, nodePort: 30644 }]
    await api.ask('POST', '/api/v1/namespaces/shop/services', {
      metadata: { name: 'db' },
      spec: { type: 'NodePort', externalTrafficPolicy: 'Local', selector: { app: 'db' }, ports },
    })
    const run = await selvedge(live('explain', '198.51.100.9', '192.168.50.21', '30644'))
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 1, stderr: '' })
    expect(run.stdout).toContain('denied: 198.51.100.9 → shop/db-1 TCP 5432')
    // An API server on loopback writes Service default/kubernetes, and no endpoints: those may not be loopback.
    await api.ask('POST', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', {
      metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['192.168.50.11'] }],
      ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
    })
    const own = await selvedge(live('explain', 'web', 'apiserver', '443'))
    expect({ exitCode: own.exitCode, stderr: own.stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(own.stdout).toContain('allowed: shop/web → 192.168.50.11 TCP 6443')
  }, 120_000)

  test('who may read policies, pods and namespaces alone gets an answer, and notes of what is not known', async () => {
    const group = 'rbac.authorization.k8s.io'
    const verbs = ['list']
    await api.ask('POST', `/apis/${group}/v1/clusterroles`, {
      metadata: { name: 'narrow' },
      rules: [
        { apiGroups: [''], resources: ['pods', 'namespaces'], verbs },
        { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs },
      ],
    })
    await api.ask('POST', `/apis/${group}/v1/clusterrolebindings`, {
      metadata: { name: 'narrow' },
      subjects: [{ kind: 'User', apiGroup: group, name: 'narrow' }],
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'narrow' },
    })
    const kubeconfig = api.kubeconfig('narrow', 'certificate')
    const run = await selvedge(['explain', 'web', 'db', '5432', '-n', 'shop', '--kubeconfig', kubeconfig])
    expect(run.exitCode).toBe(1)
    for (const plural of ['services', 'ingresses', 'nodes', 'endpointslices']) {
      expect(run.stderr).toContain(`note: ${plural} cannot be listed`)
    }
    // Nobody knows whether this is a node, so there is no yes.
    const door = ['explain', '198.51.100.9', '192.168.50.21', '30644', '--kubeconfig', kubeconfig]
    expect(await selvedge(door)).toMatchObject({ exitCode: 2, stdout: '' })
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
