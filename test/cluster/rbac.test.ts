import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeLab } from '../lab/describe-lab.ts'
import { namespace, pod, policy } from '../oracle/make-objects.ts'
import { describeKubeApi } from '../support/kube-api.ts'
import { type ApiClient, createApiClient, type Method } from './api-client.ts'
import { type ApiCluster, createApiCluster } from './api-cluster.ts'
import { planOfSlots, slotAddresses } from './slots.ts'
import { pathOfManifest, rbacManifests } from './service-account.ts'
import { until } from './until.ts'

const POLICIES = '/apis/networking.k8s.io/v1'
const SHOP = '/api/v1/namespaces/shop'

const MAY: readonly string[] = [
  '/api/v1/pods',
  '/api/v1/pods?watch=1&timeoutSeconds=1',
  `${SHOP}/pods/web-0`,
  '/api/v1/namespaces',
  '/api/v1/namespaces?watch=1&timeoutSeconds=1',
  SHOP,
  `${POLICIES}/networkpolicies`,
  `${POLICIES}/networkpolicies?watch=1&timeoutSeconds=1`,
  `${POLICIES}/namespaces/shop/networkpolicies/deny`,
]

const MAY_NOT: readonly (readonly [Method, string])[] = [
  ['POST', `${SHOP}/pods`],
  ['PATCH', `${SHOP}/pods/web-0`],
  ['PATCH', `${SHOP}/pods/web-0/status`],
  ['DELETE', `${SHOP}/pods/web-0`],
  ['DELETE', `${SHOP}/pods`],
  ['GET', `${SHOP}/pods/web-0/log`],
  ['GET', `${SHOP}/pods/web-0/exec?command=sh`],
  ['POST', `${SHOP}/pods/web-0/eviction`],
  ['POST', `${SHOP}/pods/web-0/binding`],
  ['POST', '/api/v1/namespaces'],
  ['PATCH', SHOP],
  ['DELETE', SHOP],
  ['POST', `${POLICIES}/namespaces/shop/networkpolicies`],
  ['PUT', `${POLICIES}/namespaces/shop/networkpolicies/deny`],
  ['PATCH', `${POLICIES}/namespaces/shop/networkpolicies/deny`],
  ['DELETE', `${POLICIES}/namespaces/shop/networkpolicies/deny`],
  ['GET', '/api/v1/secrets'],
  ['GET', '/api/v1/namespaces/kube-system/secrets'],
  ['GET', '/api/v1/configmaps'],
  ['GET', '/api/v1/nodes'],
  ['GET', '/api/v1/services'],
  ['GET', '/api/v1/endpoints'],
  ['POST', '/api/v1/namespaces/kube-system/events'],
  ['POST', '/api/v1/namespaces/kube-system/serviceaccounts/selvedge/token'],
  ['GET', '/apis/coordination.k8s.io/v1/leases'],
  ['GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles'],
  ['POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'],
]

const KINDS = ['pods', 'namespaces', 'networkpolicies.networking.k8s.io']
const READYZ = "fetch('http://127.0.0.1:9753/readyz').then((answer) => answer.text()).then(console.log)"

describeLab('the rights of the deployment', () => {
  describeKubeApi('given by its own file', () => {
    let cluster: ApiCluster
    beforeAll(async () => {
      cluster = await createApiCluster(planOfSlots(2))
      const { objects } = cluster
      await objects.create(namespace('shop', {}))
      for (const slot of [0, 1]) await objects.create(pod(`shop/web-${slot}`, slotAddresses(1, slot).join(' ')))
      await objects.create(policy('shop/deny', { podSelector: {}, policyTypes: ['Ingress'] }))
    })
    afterAll(() => cluster?.[Symbol.asyncDispose]())

    const probe = { from: 'slot-1-0', toAddress: slotAddresses(1, 1)[0], protocol: 'TCP', port: 80 } as const
    const passes = async () => (await cluster.lab.probe([probe]))[0]

    test('are to read three kinds, and nothing else', async () => {
      const agent = createApiClient(cluster.api.adminKubeconfig, cluster.token)
      for (const path of MAY) expect(await answerTo(agent, ['GET', path])).toEqual(['GET', path, 200])
      for (const request of MAY_NOT) expect(await answerTo(agent, request)).toEqual([...request, 403])
      expect(await rulesOf(agent)).toEqual(['get,list,watch networkpolicies', 'get,list,watch pods,namespaces'])
      await agent.close()
    })

    test('are enough; without them a new agent says what is missing, and what stood goes on', async () => {
      expect(await passes()).toBe(true)
      const first = await cluster.startAgent('node-1')
      await cluster.settled()
      expect(await passes()).toBe(false)
      expect(await first.kill()).toBe(0)

      const { bindings, binding } = theBinding()
      expect((await cluster.admin.ask('DELETE', `${bindings}/${binding.metadata.name}`)).status).toBe(200)
      const second = await cluster.startAgent('node-1')
      for (const kind of KINDS) {
        await until(`the status says that ${kind} may not be read`, async () => {
          const status = await second.status().catch(() => undefined)
          return status?.reasons.some(({ problem }) => saysForbidden(problem, kind))
        })
      }
      expect((await second.status()).ready).toBe(false)
      const { stdout } = await cluster.lab.exec('node-1', [process.execPath, '-e', READYZ])
      for (const kind of KINDS) expect(stdout).toContain(` on ${kind} in a ClusterRole`)
      await second.line('what it may not read', ({ state }) => String(state).includes('ClusterRole'))
      expect(await passes()).toBe(false)

      expect((await cluster.admin.ask('POST', bindings, binding)).status).toBe(201)
      await second.ready()
      expect(await passes()).toBe(false)
      await cluster.objects.remove({ kind: 'NetworkPolicy', namespace: 'shop', name: 'deny' })
      await cluster.settled()
      expect(await passes()).toBe(true)
    })
  })
})

function saysForbidden(problem: string, kind: string): boolean {
  return problem.includes('403') && problem.includes(` on ${kind} in a ClusterRole`)
}

function theBinding() {
  const binding = rbacManifests().find(({ kind }) => kind === 'ClusterRoleBinding')
  if (binding === undefined) throw new Error('the deployment binds no role')
  return { binding, bindings: pathOfManifest(binding) }
}

/** Rights are looked at before the body is. */
async function answerTo(agent: ApiClient, [method, path]: readonly [Method, string]) {
  const body = method === 'GET' || method === 'DELETE' ? undefined : {}
  return [method, path, (await agent.ask(method, path, body)).status]
}

/** What the API server says that one may, but for what everybody may: to ask about oneself. */
async function rulesOf(agent: ApiClient): Promise<readonly string[]> {
  const { body } = await agent.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace: 'kube-system' },
  })
  const { status } = body as { readonly status: { readonly resourceRules: readonly ResourceRule[] } }
  return status.resourceRules
    .filter(({ resources }) => !resources.every((name) => name.startsWith('selfsubject')))
    .map(({ verbs, resources }) => `${verbs.join()} ${resources.join()}`)
    .toSorted()
}

interface ResourceRule {
  readonly verbs: readonly string[]
  readonly resources: readonly string[]
}
