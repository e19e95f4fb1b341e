import { expect, test } from 'vitest'
import { describeLab } from '../lab/describe-lab.ts'
import { namespace, pod, policy } from '../oracle/make-objects.ts'
import { describeKubeApi } from '../support/kube-api.ts'
import { createApiCluster } from './api-cluster.ts'
import type { ApiAnswer } from './api-client.ts'
import { pathOfKind } from './api-objects.ts'
import { watchCommits } from './commits.ts'
import { planOfSlots, slotAddresses } from './slots.ts'

const ROUNDS = 12

const DENY = policy('shop/deny', { podSelector: {}, policyTypes: ['Ingress'] })

describeLab('from the API’s answer to the kernel', () => {
  describeKubeApi('on an idle cluster', () => {
    test('each policy that comes or goes is enforced; how long it took is printed', { timeout: 300_000 }, async () => {
      await using cluster = await createApiCluster(planOfSlots(2))
      const { lab, objects, admin } = cluster
      await cluster.startAgent('node-1')
      await objects.create(namespace('shop', {}))
      for (const slot of [0, 1]) await objects.create(pod(`shop/web-${slot}`, slotAddresses(1, slot).join(' ')))
      await cluster.settled()
      await using commits = await watchCommits(lab, 'node-1')
      const [, destination] = [0, 1].map((slot) => slotAddresses(1, slot)[0])
      const path = pathOfKind('NetworkPolicy', 'shop')

      /** Milliseconds until the commit was announced; then one packet says whether it is in force. */
      async function measure(ask: () => Promise<ApiAnswer>, allowed: boolean): Promise<number> {
        const asked = performance.now()
        expect((await ask()).status).toBeLessThan(300)
        const answered = performance.now()
        const committed = await commits.after(asked)
        const probe = { from: 'slot-1-0', toAddress: destination ?? '', protocol: 'TCP', port: 80 } as const
        expect(await lab.probe([probe], { attempts: allowed ? 3 : 1 })).toEqual([allowed])
        return Math.max(0, committed - answered)
      }

      const created: number[] = []
      const deleted: number[] = []
      for (let round = 0; round < ROUNDS; round += 1) {
        created.push(await measure(() => admin.ask('POST', path, DENY), false))
        deleted.push(await measure(() => admin.ask('DELETE', `${path}/deny`), true))
      }
      console.log(
        `until nft monitor tells of the commit, ${ROUNDS} of each, on this machine as busy as it was: ` +
          `created ${summary(created)}, deleted ${summary(deleted)}`,
      )
    })
  })
})

function summary(milliseconds: readonly number[]): string {
  const sorted = milliseconds.toSorted((left, right) => left - right)
  const text = (value = 0) => `${value.toFixed(0)} ms`
  return `median ${text(sorted[Math.floor(sorted.length / 2)])}, worst ${text(sorted.at(-1))}`
}
