import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MAIN } from '../../cli/run-selvedge.ts'
import { enforce } from '../../kernel/enforce.ts'
import { addressOf, describeKernel } from '../../kernel/kernel-lab.ts'
import { app, ingress, tcp } from '../../kernel/policies.ts'

// trap: a full conntrack table; the limit is the whole kernel's, so only a kernel of one's own can have its own

const LIMIT = '/proc/sys/net/netfilter/nf_conntrack_max'
const AMPLE = { timeoutMilliseconds: 20_000 }
const SHORT = { timeoutMilliseconds: 2_000 }

describeKernel(
  'conntrack is full',
  (kernel) => {
    let usual = ''
    const limit = (most: string) => execa('sh', ['-c', `echo ${most} > ${LIMIT}`])
    beforeEach(async () => {
      usual = (await execa('cat', [LIMIT])).stdout
      await kernel.lab.serve('shop/db', { tcp: [8080] })
    })
    afterEach(() => limit(usual))

    test('no new flow comes about, allowed or denied; live ones go on, and lose their right as ever; doctor says so', async () => {
      const db = addressOf('db', 'IPv4')
      const granted = [ingress('db', { from: [app('web')], ports: [tcp(8080)] })]
      const enforced = await enforce(kernel.lab, granted)
      const ask = async (from: string, options: typeof AMPLE) =>
        (await kernel.lab.connect(from, db, 8080, 'TCP', options)).outcome
      expect([await ask('shop/web', AMPLE), await ask('shop/idle', SHORT)]).toEqual(['answered', 'silent'])
      // Answered both ways, such a flow is not given up for another one.
      const session = () => kernel.lab.session({ from: 'shop/web', toAddress: db, port: 8080, protocol: 'TCP' })
      const sessions = [await session(), await session()]
      await kernel.lab.exec('node-1', ['conntrack', '-D', '-p', 'tcp', '--state', 'TIME_WAIT'])
      await kernel.lab.exec('node-1', ['conntrack', '-D', '-p', 'tcp', '--state', 'SYN_SENT'])
      const count = await kernel.lab.exec('node-1', ['cat', '/proc/sys/net/netfilter/nf_conntrack_count'])
      await limit(count.stdout.trim())
      expect([await ask('shop/web', SHORT), await ask('shop/idle', SHORT)]).toEqual(['silent', 'silent'])
      expect(await Promise.all(sessions.map((one) => one.progresses(30_000)))).toEqual([true, true])

      const argv = [process.execPath, MAIN, 'doctor', '-o', 'json']
      const { stdout } = await kernel.lab.exec('node-1', argv, { timeoutMilliseconds: 600_000 })
      const found = (JSON.parse(stdout) as readonly { readonly id: string }[]).map(({ id }) => id)
      expect(found).toContain('conntrack-nearly-full')

      await enforced.change([ingress('db')])
      await Promise.all(sessions.map((one) => one.progresses(2_000)))
      expect(await Promise.all(sessions.map((one) => one.progresses(3_000)))).toEqual([false, false])
      await enforced.change(granted)
      expect(await Promise.all(sessions.map((one) => one.progresses(30_000)))).toEqual([true, true])

      await limit(usual)
      expect([await ask('shop/web', AMPLE), await ask('shop/idle', SHORT)]).toEqual(['answered', 'silent'])
      await Promise.all(sessions.map((one) => one.close()))
    })
  },
  ['bridged'],
)
