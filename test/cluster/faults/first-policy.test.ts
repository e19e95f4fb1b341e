import { expect, test } from 'vitest'
import { probe } from '../../kernel/passing.ts'
import { app, tcp } from '../../kernel/policies.ts'
import { policy } from '../../oracle/make-objects.ts'
import { createApiClient } from '../api-client.ts'
import { createApiObjects, pathOfKind } from '../api-objects.ts'
import { until } from '../until.ts'
import { describeFaults } from './fault-cluster.ts'
import { createRuntime, pendingPod } from './runtime.ts'

const runtime = createRuntime()
const ONCE = { attempts: 1, settleMilliseconds: 250 } as const
const SOME_ROUNDS = 8
const FROM_FAR = probe('IPv4', 'far', 'idle', { protocol: 'TCP', port: 80 })
const FROM_WEB = probe('IPv4', 'web', 'idle', { protocol: 'TCP', port: 80 })

const nameIn = ({ namespace, name }: { readonly namespace: string; readonly name: string }) => ({ namespace, name })

describeFaults(
  'the first policy of a cluster, while the watch of policies lags',
  (cluster) => {
    test('a pod that is made under it is held until the watch tells it, and one without it is not', async () => {
      const { api, lab, proxy, agent } = cluster()
      const client = createApiClient(api.adminKubeconfig)
      const objects = createApiObjects(client)
      const passes = async (one: typeof FROM_FAR) => (await lab.probe([one], ONCE))[0] === true
      const uidOf = async (name: string) =>
        (await objects.snapshot()).pods.find(({ metadata }) => metadata.name === name)?.metadata.uid ?? ''
      const held = async () => (await agent().status()).held.map(({ pod, why }) => `${pod}: ${why}`)
      try {
        await objects.remove({ kind: 'Pod', namespace: 'shop', name: 'idle' })
        // All there are, that of the marker too.
        const { body } = await client.ask('GET', pathOfKind('NetworkPolicy'))
        const { items } = body as {
          readonly items: readonly { readonly metadata: { namespace: string; name: string } }[]
        }
        for (const { metadata } of items) await objects.remove({ kind: 'NetworkPolicy', ...nameIn(metadata) })
        // Nobody has the address of idle, and without a policy nothing is held.
        await until('nothing is held', () => passes(FROM_FAR))
        await until('policies are watched', () => proxy.watches('networkpolicies').length === 1)
        for (const watch of proxy.watches('networkpolicies')) watch.silence()

        const before = proxy.requests.length
        const listed = () =>
          proxy.requests.slice(before).filter(({ verb, plural }) => verb === 'list' && plural === 'networkpolicies')
        await objects.create(pendingPod('early'))
        runtime.give('idle', 'early-1', 'early', await uidOf('early'))
        await until('the namespace is listed', () => listed().length > 0)
        for (let round = 0; round < SOME_ROUNDS; round += 1) expect(await passes(FROM_FAR)).toBe(true)
        runtime.take('early-1')
        await objects.remove({ kind: 'Pod', namespace: 'shop', name: 'early' })

        const spec = { podSelector: { matchLabels: { app: 'late' } }, policyTypes: ['Ingress'] }
        await api.ask(
          'POST',
          pathOfKind('NetworkPolicy', 'shop'),
          policy('shop/first', { ...spec, ingress: [{ from: [app('web')], ports: [tcp(80)] }] }),
        )
        await objects.create(pendingPod('late'))
        await until('the hold begins', async () => !(await passes(FROM_FAR)))
        runtime.give('idle', 'late-1', 'late', await uidOf('late'))
        await until('it is held for its policies', async () => (await held()).join().includes('some of its policies'))
        const rounds: boolean[] = []
        for (let round = 0; round < SOME_ROUNDS; round += 1) rounds.push(await passes(FROM_FAR), await passes(FROM_WEB))
        expect(rounds).not.toContain(true)
        expect((await agent().status()).enforced?.policies).toEqual([])
        // The silent watch is given up, and the next one tells.
        await until('web reaches it', () => passes(FROM_WEB))
        expect(await passes(FROM_FAR)).toBe(false)
      } finally {
        await client.close()
      }
    })
  },
  { watchSilence: 40_000, firstBackoff: 200, longestBackoff: 1_000 },
  runtime.flags,
)
