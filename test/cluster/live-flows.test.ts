import { expect, test } from 'vitest'
import type { Session } from '../../src/lab/sockets.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { namespace, pod, policy } from '../oracle/make-objects.ts'
import { describeKubeApi } from '../support/kube-api.ts'
import { createApiCluster } from './api-cluster.ts'
import { planOfSlots, slotAddresses } from './slots.ts'

const ECHO = 7
const NAMES = ['web', 'far'] as const

/** What db lets in. */
const fromTeam = policy('shop/from-team', {
  podSelector: { matchLabels: { app: 'db' } },
  policyTypes: ['Ingress'],
  ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'a' } } }] }],
})
const NAMESPACE = { kind: 'Namespace', namespace: '', name: 'client' } as const
const POLICY = { kind: 'NetworkPolicy', namespace: 'shop', name: 'from-team' } as const

// trap 47: a live flow ends with its right, also when only the labels of a remote peer’s namespace changed
describeLab('live flows while the cluster changes', () => {
  describeKubeApi('told by its API', () => {
    test('what loses its right stalls, by a policy or by a label, and goes on with it', {
      timeout: 300_000,
    }, async () => {
      await using cluster = await createApiCluster(planOfSlots(2))
      const { lab, objects, settled } = cluster
      for (const { name } of lab.nodes) await cluster.startAgent(name)
      const at = (path: string, node: number, slot: number) =>
        pod(path, slotAddresses(node, slot).join(' '), {
          labels: { app: path.split('/')[1] ?? '' },
          spec: { nodeName: `node-${node}`, containers: [{ name: 'main' }] },
        })
      for (const name of ['shop', 'client']) await objects.create(namespace(name, { team: 'a' }))
      await objects.create(at('shop/db', 1, 0))
      await objects.create(at('client/web', 1, 1))
      await objects.create(at('client/far', 2, 0))
      await settled()
      await lab.serve('slot-1-0', { tcp: [ECHO], udp: [ECHO] })
      const [address4, address6] = slotAddresses(1, 0)
      const sessions: Readonly<Record<(typeof NAMES)[number], Session>> = {
        web: await lab.session({ from: 'slot-1-1', toAddress: address4, port: ECHO, protocol: 'TCP' }),
        far: await lab.session({ from: 'slot-2-0', toAddress: address6, port: ECHO, protocol: 'UDP' }),
      }
      const stalled = () => Promise.all(NAMES.map((name) => stalls(sessions[name])))
      const going = () => Promise.all(NAMES.map((name) => sessions[name].progresses(20_000)))

      await objects.create(fromTeam)
      await settled()
      expect(await going()).toEqual([true, true])
      await objects.patch(NAMESPACE, { metadata: { labels: { team: 'b' } } })
      await settled()
      expect(await stalled()).toEqual([true, true])
      await objects.patch(NAMESPACE, { metadata: { labels: { team: 'a' } } })
      await settled()
      expect(await going()).toEqual([true, true])
      await objects.replace({ ...fromTeam, spec: { ...fromTeam.spec, ingress: [] } })
      await settled()
      expect(await stalled()).toEqual([true, true])
      await objects.remove(POLICY)
      await settled()
      expect(await going()).toEqual([true, true])
    })
  })
})

/** Comes to get no more bytes; what was under way may still come, and one that lives gets some every 20 ms. */
async function stalls(session: Session): Promise<boolean> {
  for (let attempt = 0; attempt < 10; attempt += 1) if (!(await session.progresses(500))) return true
  return false
}
