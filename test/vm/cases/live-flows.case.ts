import { expect, test } from 'vitest'
import { enforce } from '../../kernel/enforce.ts'
import { addressOf, describeKernel } from '../../kernel/kernel-lab.ts'
import { app, ingress } from '../../kernel/policies.ts'

/** test/kernel/rejudge.test.ts in little: its forty programs at once are more than an emulated machine bears. */
describeKernel(
  'live flows',
  (kernel) => {
    test('stop at their next packet when their right goes, go on when it comes back, and no other flow notices', async () => {
      await kernel.lab.serve('shop/db', { tcp: [8080], udp: [8080] })
      const ports = [{ port: 8080 }, { port: 8080, protocol: 'UDP' }]
      const open = (...names: readonly ('web' | 'idle')[]) => [ingress('db', { from: names.map(app), ports })]
      const enforced = await enforce(kernel.lab, open('web', 'idle'))
      const hold = async (from: 'web' | 'idle') => {
        const [protocol, family] = from === 'web' ? (['TCP', 'IPv4'] as const) : (['UDP', 'IPv6'] as const)
        const toAddress = addressOf('db', family)
        return kernel.lab.session({ from: `shop/${from}`, toAddress, port: 8080, protocol })
      }
      for (const loser of ['web', 'idle'] as const) {
        const other = loser === 'web' ? 'idle' : 'web'
        const [losing, going] = [await hold(loser), await hold(other)]
        expect([await losing.progresses(30_000), await going.progresses(30_000)]).toEqual([true, true])
        await enforced.change(open(other))
        // What was under way may still come.
        await losing.progresses(1_000)
        expect([loser, await losing.progresses(2_000), await going.progresses(30_000)]).toEqual([loser, false, true])
        await enforced.change(open('web', 'idle'))
        expect([loser, await losing.progresses(60_000)]).toEqual([loser, true])
        for (const session of [losing, going]) await session.close()
      }
    })
  },
  ['bridged'],
)
