import { expect, test } from 'vitest'
import { describeLab } from '../lab/describe-lab.ts'
import { namespace, pod, policy } from '../oracle/make-objects.ts'
import { describeKubeApi } from '../support/kube-api.ts'
import { createApiCluster } from './api-cluster.ts'

const PLAN = {
  arrangement: 'bridged',
  nodes: [{ name: 'node-1' }],
  pods: [
    { name: 'web', node: 'node-1', addresses: ['10.244.1.10'] },
    { name: 'db', node: 'node-1', addresses: ['10.244.1.11'] },
  ],
} as const

describeLab('an API server, nodes and agents', () => {
  describeKubeApi('together', () => {
    test('a policy that is created denies and one that is deleted allows, once settled', {
      timeout: 120_000,
    }, async () => {
      await using cluster = await createApiCluster(PLAN)
      const { lab, objects } = cluster
      const agent = await cluster.startAgent('node-1')
      await objects.create(namespace('shop', {}))
      await objects.create(pod('shop/web', '10.244.1.10'))
      await objects.create(pod('shop/db', '10.244.1.11'))
      const passes = async () => {
        await cluster.settled()
        const [arrived] = await lab.probe([{ from: 'web', toAddress: '10.244.1.11', protocol: 'TCP', port: 80 }])
        return arrived
      }
      expect(await passes()).toBe(true)
      await objects.create(policy('shop/deny', { podSelector: {}, policyTypes: ['Ingress'] }))
      expect(await passes()).toBe(false)
      await objects.remove({ kind: 'NetworkPolicy', namespace: 'shop', name: 'deny' })
      expect(await passes()).toBe(true)
      expect(await agent.kill()).toBe(0)
      expect(cluster.agents()).toEqual([])
    })
  })
})
