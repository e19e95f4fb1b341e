import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCluster } from '../../../src/sources/kubernetes/read-cluster.ts'
import { describeKubeApi, type KubeApi, startKubeApi } from '../../support/kube-api.ts'
import { namespace, pod, policy } from './fake-objects.ts'
import { eventually, follow, type Following, type FollowOptions } from './follow.ts'

const POLICIES = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies'
const PODS = '/api/v1/namespaces/shop/pods'
const CLUSTER_ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles'
const BINDINGS = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'
const REAL: NonNullable<FollowOptions['timings']> = { initialSilence: 15_000, initialTotal: 60_000, shortWatch: 1_000 }

describeKubeApi('a real API server', () => {
  let api: KubeApi

  beforeAll(async () => {
    api = await startKubeApi()
    await api.ask('POST', '/api/v1/namespaces', namespace('shop', { team: 'a' }))
    await api.ask('POST', POLICIES, policy('deny', { podSelector: {}, policyTypes: ['Ingress'] }))
  })
  afterAll(() => api?.stop())

  function followReal(options: FollowOptions = {}): Following {
    return follow(api, { kubeconfig: api.adminKubeconfig, ...options, timings: { ...REAL, ...options.timings } })
  }

  /** As the API server sees a pod once it runs; the kubelet's part is ours. */
  async function createPod(name: string, ip: string): Promise<void> {
    const { spec: _, status: __, ...rest } = pod(name)
    const spec = {
      nodeName: 'node1',
      containers: [{ name: 'main', image: 'none', ports: [{ name: 'http', containerPort: 8080 }] }],
    }
    const { managedFields: ___, uid: ____, ...metadata } = rest.metadata
    await api.ask('POST', PODS, { ...rest, metadata, spec })
    await api.ask('PATCH', `${PODS}/${name}/status`, { status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] } })
  }

  async function deletePod(name: string): Promise<void> {
    await api.ask('DELETE', `${PODS}/${name}?gracePeriodSeconds=0`)
  }

  test('streams its initial events, and every change after them', async () => {
    const following = followReal()
    await following.synced()
    expect(following.objects()).toEqual(
      expect.arrayContaining(['Namespace default', 'Namespace shop', 'NetworkPolicy shop/deny']),
    )
    await createPod('web', '10.244.0.5')
    await eventually(() =>
      expect(following.object('Pod shop/web')).toMatchObject({
        addresses: ['10.244.0.5'],
        node: 'node1',
        ports: [{ name: 'http', protocol: 'TCP', number: 8080 }],
      }),
    )
    await api.ask('PATCH', '/api/v1/namespaces/shop', { metadata: { labels: { team: 'b' } } })
    await eventually(() => expect(teamOf(following)).toBe('b'))
    await api.ask('PATCH', `${PODS}/web`, { metadata: { deletionGracePeriodSeconds: null, labels: { app: 'other' } } })
    await eventually(() =>
      expect(following.object('Pod shop/web')).toMatchObject({ labels: { labels: new Map([['app', 'other']]) } }),
    )
    await api.ask('PATCH', `${PODS}/web/status`, { status: { phase: 'Succeeded' } })
    await eventually(() => expect(following.objects()).not.toContain('Pod shop/web'))
    expect(following.changes.at(-1)).toEqual({ type: 'remove', kind: 'Pod', namespace: 'shop', name: 'web' })
    for (const { restarts, relists, connected } of following.source.status().streams) {
      expect({ restarts, relists, connected }).toEqual({ restarts: {}, relists: {}, connected: true })
    }
    await deletePod('web')
  })

  test('status updates that policy cannot see are told to nobody', async () => {
    await createPod('quiet', '10.244.0.8')
    const following = followReal()
    await following.synced()
    const before = following.changes.length
    for (let times = 0; times < 5; times += 1) {
      const conditions = [{ type: 'Ready', status: times % 2 === 0 ? 'True' : 'False' }]
      await api.ask('PATCH', `${PODS}/quiet/status`, { status: { conditions } })
    }
    await api.ask('PATCH', `${PODS}/quiet`, { metadata: { labels: { last: 'yes' } } })
    await eventually(() => expect(following.changes).toHaveLength(before + 1))
    await deletePod('quiet')
  })

  test('ends watches when it was asked to, and they go on without a list', async () => {
    const following = followReal({ timings: { watch: 1_000, shortWatch: 100 }, random: () => 0 })
    await following.synced()
    await eventually(() => expect(following.stream('pods').restarts['closed']).toBeGreaterThanOrEqual(3))
    await createPod('late', '10.244.0.9')
    await eventually(() => expect(following.objects()).toContain('Pod shop/late'))
    expect(following.stream('pods').relists).toEqual({})
    expect(Object.keys(following.stream('pods').restarts)).toEqual(['closed'])
    await deletePod('late')
  })

  test('tells who may not read what, and begins when the right is given', async () => {
    const following = followReal({ kubeconfig: api.kubeconfig('reader', 'token') })
    await eventually(() => {
      expect(following.stream('pods').state).toContain('grant the verb "list" on pods in a ClusterRole')
      expect(following.stream('networkpolicies').state).toContain('on networkpolicies.networking.k8s.io in')
    })
    const verbs = ['list', 'watch']
    const rules = [
      { apiGroups: [''], resources: ['pods', 'namespaces'], verbs },
      { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs },
    ]
    await api.ask('POST', CLUSTER_ROLES, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'reader' },
      rules,
    })
    await bind('reader')
    await following.synced()
    expect(following.objects()).toContain('NetworkPolicy shop/deny')
  })

  test('takes a client certificate', async () => {
    await bind('by-certificate')
    const following = followReal({ kubeconfig: api.kubeconfig('by-certificate', 'certificate') })
    await following.synced()
    expect(following.objects()).toContain('NetworkPolicy shop/deny')
  })

  test('refuses a token that it does not know', async () => {
    const following = followReal({ kubeconfig: api.kubeconfig('stranger', 'token') })
    await eventually(() => expect(following.stream('pods').state).toContain('answers 401'))
  })

  test('more objects than a page holds are read whole by the commands', async () => {
    const names = Array.from({ length: 1_100 }, (_, index) => `bulk-${index}`)
    for (let from = 0; from < names.length; from += 50) {
      const some = names.slice(from, from + 50)
      await Promise.all(
        some.map((name) => api.ask('POST', POLICIES, policy(name, { podSelector: { matchLabels: { app: name } } }))),
      )
    }
    await api.ask('POST', '/api/v1/namespaces/shop/services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    })
    const { objects, others, diagnostics } = await readCluster({ kubeconfig: api.adminKubeconfig })
    expect(objects.filter(({ kind }) => kind === 'NetworkPolicy')).toHaveLength(1_101)
    expect(others.map(({ kind, namespace: of, name }) => `${kind} ${of}/${name}`)).toContain('Service shop/web')
    expect(diagnostics).toEqual([])
  })

  test('a frozen one is noticed by its silence, and gone on with when it thaws', async () => {
    const following = followReal({ timings: { watchSilence: 1_000, watchHeaders: 1_000 } })
    await following.synced()
    api.freeze()
    await eventually(() => expect(following.stream('networkpolicies').connected).toBe(false))
    expect(following.objects()).toContain('NetworkPolicy shop/deny')
    api.thaw()
    await api.ask('POST', POLICIES, policy('thawed'))
    await eventually(() => expect(following.objects()).toContain('NetworkPolicy shop/thawed'))
  })

  test('one that is killed and comes back, with what happened meanwhile unknown to its cache', async () => {
    const following = followReal()
    await following.synced()
    await api.kill()
    await eventually(() => expect(following.stream('pods').state).toMatch(/nothing listens there|was cut/))
    await api.start()
    await api.ask('DELETE', `${POLICIES}/thawed`)
    await api.ask('POST', POLICIES, policy('after'))
    await eventually(() => expect(following.objects()).toContain('NetworkPolicy shop/after'))
    expect(following.objects()).not.toContain('NetworkPolicy shop/thawed')
    expect(following.calls.filter((call) => call === 'synced')).toHaveLength(1)
  })

  test('one without streaming of initial events (the gate is off) is listed', async () => {
    await api.kill()
    await api.start('--feature-gates=WatchList=false')
    const following = followReal()
    await following.synced()
    expect(following.objects().filter((name) => name.startsWith('NetworkPolicy shop/bulk-'))).toHaveLength(1_100)
    expect(following.stream('networkpolicies').restarts).toEqual({ 'no-initial-events': 1 })
    await api.ask('DELETE', `${POLICIES}/after`)
    await eventually(() => expect(following.objects()).not.toContain('NetworkPolicy shop/after'))
  })

  test('one without a watch cache is read page by page', async () => {
    await api.kill()
    await api.start('--feature-gates=WatchList=false', '--watch-cache=false')
    const following = followReal()
    await following.synced()
    expect(following.objects().filter((name) => name.startsWith('NetworkPolicy shop/bulk-'))).toHaveLength(1_100)
    await createPod('uncached', '10.244.0.10')
    await eventually(() => expect(following.objects()).toContain('Pod shop/uncached'))
  })

  test('a version that etcd has compacted (410) is listed anew, and only the differences are told', async () => {
    const following = followReal({ timings: { watch: 1_000 }, random: () => 0 })
    await following.synced()
    await eventually(() => expect(following.stream('networkpolicies').connected).toBe(true))
    const before = following.changes.length
    for (let times = 0; times < 3; times += 1)
      await api.ask('PATCH', `${PODS}/uncached`, { metadata: { annotations: { times: `${times}` } } })
    await api.compact()
    await eventually(() => expect(following.stream('networkpolicies').relists['expired']).toBeGreaterThanOrEqual(1))
    await api.ask('POST', POLICIES, policy('after-compaction'))
    await eventually(() => expect(following.objects()).toContain('NetworkPolicy shop/after-compaction'))
    expect(following.changes.slice(before).map(({ type }) => type)).toEqual(['put'])
  })

  function teamOf(following: Following): string | undefined {
    const object = following.object('Namespace shop')
    return object?.kind === 'Namespace' ? object.labels.labels.get('team') : undefined
  }

  async function bind(user: string): Promise<void> {
    await api.ask('POST', BINDINGS, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: user },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
    })
  }
})
