import { expect, test } from 'vitest'
import { until } from '../until.ts'
import { describeFaults, type FaultCluster } from './fault-cluster.ts'
import { grant, grantPolicy, revoke } from './grants.ts'

const TIMINGS = { firstBackoff: 200, longestBackoff: 1_000 }

describeFaults(
  'events that are not as they should be',
  (cluster) => {
    test('objects with wrong types: named, what stood under their names stays, and the watch goes on', async () => {
      const { api, proxy, agent, unharmed, enforced } = cluster()
      await unharmed(async () => {
        const before = proxy.requests.length
        say(cluster(), 'networkpolicies', 'ADDED', policyWith('broken', { podSelector: 7 }, 'elsewhere'))
        say(cluster(), 'networkpolicies', 'ADDED', 5)
        say(cluster(), 'networkpolicies', 'ADDED', { metadata: { name: {}, namespace: [] }, spec: null })
        say(cluster(), 'namespaces', 'MODIFIED', { metadata: { name: 'shop', labels: 'none' } })
        say(cluster(), 'pods', 'MODIFIED', { metadata: { name: 'db', namespace: 'shop' }, spec: 1, status: [] })
        say(cluster(), 'pods', 'DELETED', { metadata: 'db' })
        await grant(api, 8_001)
        await enforced({ open: [8_001] })
        expect(proxy.requests.slice(before)).toEqual([])
      })
      const { problems } = await agent().status()
      const named = problems.map(({ of, problem }) => `${of}: ${problem}`)
      const closed = 'nobody can say whom it selects, so every pod of namespace elsewhere is closed'
      expect(named).toContain(`NetworkPolicy elsewhere/broken: ${closed}`)
      expect(named).toContain('Pod shop/db: cannot be read; its last readable form stays in force')
    })

    test('a policy that becomes unreadable closes its namespace until it is repaired; what others grant stays', async () => {
      const { api, agent, enforced } = cluster()
      await grant(api, 8_009)
      await grant(api, 8_010)
      await enforced({ open: [8_009, 8_010] })
      say(cluster(), 'networkpolicies', 'MODIFIED', policyWith('grant-8010', { podSelector: [], ingress: [{}] }))
      await enforced({ open: [8_009], closed: [8_010] })
      const { enforced: state, problems } = await agent().status()
      const closed = 'nobody can say whom it selects, so every pod of namespace shop is closed'
      expect(problems.map(({ of, problem }) => `${of}: ${problem}`)).toContain(
        `NetworkPolicy shop/grant-8010: ${closed}`,
      )
      expect(state?.policies).toContainEqual(
        expect.objectContaining({
          policy: 'shop/grant-8010',
          state: 'closed',
          reason: expect.stringContaining(closed),
        }),
      )
      say(cluster(), 'networkpolicies', 'MODIFIED', grantPolicy(8_010))
      await enforced({ open: [8_009, 8_010] })
    })

    test('absurd sizes', async () => {
      const { api, proxy, unharmed, enforced } = cluster()
      await grant(api, 8_003)
      await enforced({ open: [8_003] })
      const labels = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`label-${index}`, `${index}`]))
      const annotations = { long: 'x'.repeat(5 * 1024 * 1024) }
      await unharmed(async () => {
        const before = proxy.requests.length
        const { metadata, ...rest } = grantPolicy(8_002)
        say(cluster(), 'networkpolicies', 'ADDED', { ...rest, metadata: { ...metadata, annotations, labels } })
        const spec = { nodeName: 'node-1', containers: [{ name: 'main', image: 'none' }] }
        const status = { phase: 'Running', podIPs: [{ ip: '10.244.1.77' }] }
        const pod = { apiVersion: 'v1', kind: 'Pod', spec, status }
        say(cluster(), 'pods', 'ADDED', { ...pod, metadata: { name: 'huge', namespace: 'shop', labels, annotations } })
        await enforced({ open: [8_002] })
        await revoke(api, 8_003)
        await enforced({ closed: [8_003] })
        expect(proxy.requests.slice(before)).toEqual([])
      })
    })

    test('fields of the future: above the rules they change nothing, within a rule it opens nothing', async () => {
      const { api, proxy, unharmed, enforced } = cluster()
      await unharmed(async () => {
        const before = proxy.requests.length
        const above = grantPolicy(8_004)
        const within = grantPolicy(8_005)
        const rules = (within.spec?.ingress ?? []).map((rule) => ({ ...rule, unless: [{ podSelector: {} }] }))
        say(cluster(), 'networkpolicies', 'ADDED', { ...above, spec: { ...above.spec, tier: 3 }, later: { a: 1 } })
        say(cluster(), 'networkpolicies', 'ADDED', { ...within, spec: { ...within.spec, ingress: rules } })
        await grant(api, 8_006)
        await enforced({ open: [8_004, 8_006], closed: [8_005] })
        expect(proxy.requests.slice(before)).toEqual([])
      })
    })

    test('a line that is no JSON: everything is read anew, and what was never there is gone', async () => {
      const { api, proxy, agent, unharmed, enforced } = cluster()
      await unharmed(async () => {
        say(cluster(), 'networkpolicies', 'ADDED', grantPolicy(8_007))
        await enforced({ open: [8_007] })
        for (const watch of proxy.watches()) watch.say('{"type":"ADDED","object":{"kind":')
        await enforced({ closed: [8_007] })
        await grant(api, 8_008)
        await enforced({ open: [8_008] })
      })
      await until('all problems are gone', async () => (await agent().status()).problems.length === 0)
      for (const { relists } of (await agent().status()).streams) expect(relists).toEqual({ malformed: 1 })
    })
  },
  TIMINGS,
)

function policyWith(name: string, spec: unknown, namespace = 'shop'): object {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec }
}

/** Made up: the API server itself would never send it. Without a version, so that the watch's own stays. */
function say({ proxy }: FaultCluster, plural: string, type: 'ADDED' | 'MODIFIED' | 'DELETED', object: unknown): void {
  const watches = proxy.watches(plural)
  if (watches.length !== 1) throw new Error(`${watches.length} watches of ${plural}`)
  for (const watch of watches) watch.say(JSON.stringify({ type, object }))
}
