import { execa } from 'execa'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { LabCommandError } from '../../src/lab/lab-error.ts'
import type { Arrangement } from '../../src/lab/plan.ts'
import { describeLab } from './describe-lab.ts'
import { smallPlan } from './small-plan.ts'

const DROP = 'table inet trial { chain forward { type filter hook forward priority 0; '

for (const arrangement of ['bridged', 'routed'] satisfies Arrangement[]) {
  describeLab(`real sockets, ${arrangement}`, () => {
    let lab: Lab
    beforeAll(async () => {
      lab = await createLab(smallPlan(arrangement))
      await Promise.all([
        lab.serve('shop/db', { tcp: [80], udp: [53] }),
        lab.serve('shop/db', { tcp: [81], udp: [54], manner: 'push' }),
        lab.serve('outside', { tcp: [443], udp: [443] }),
        lab.serve('node-a', { tcp: [10250] }),
      ])
    })
    afterAll(() => lab.close())
    afterEach(() => lab.loadRuleset('node-a', 'flush ruleset\n'))

    test.each([
      ['shop/web', '10.244.1.11', 80, 'TCP'],
      ['shop/web', 'fd44:0:0:1::11', 53, 'UDP'],
      ['other/web', '10.244.1.11', 53, 'UDP'],
      ['other/web', 'fd44:0:0:1::11', 80, 'TCP'],
      ['outside', '10.244.1.11', 80, 'TCP'],
      ['node-a', '10.244.1.11', 80, 'TCP'],
      ['node-b', '10.244.1.11', 80, 'TCP'],
      ['shop/web', '203.0.113.7', 443, 'UDP'],
      ['shop/web', '2001:db8:1::5', 443, 'TCP'],
      ['shop/web', '10.244.1.1', 10250, 'TCP'],
    ] as const)('%s is answered by %s %i/%s', async (from, toAddress, port, protocol) => {
      expect(await lab.connect(from, toAddress, port, protocol)).toEqual({ outcome: 'answered' })
    })

    test('a closed port refuses, a rejecting rule is told from it, a dropping one keeps silent', async () => {
      expect(await lab.connect('shop/web', '10.244.1.11', 82, 'TCP')).toMatchObject({ outcome: 'refused' })
      await lab.loadRuleset(
        'node-a',
        `${DROP} tcp dport 80 reject with icmpx type admin-prohibited; udp dport 53 drop; }\n}\n`,
      )
      expect(await lab.connect('shop/web', '10.244.1.11', 80, 'TCP')).toMatchObject({ outcome: 'unreachable' })
      const silent = await lab.connect('shop/web', '10.244.1.11', 53, 'UDP', { timeoutMilliseconds: 300 })
      expect(silent).toEqual({ outcome: 'silent' })
    })

    test('whoever dials or holds when the program of the place dies is told so, and the session has ended', async () => {
      const session = await lab.session({ from: 'shop/web', toAddress: '10.244.1.11', port: 80, protocol: 'TCP' })
      await lab.loadRuleset('node-a', `${DROP} udp dport 53 drop; }\n}\n`)
      const waiting = lab.connect('shop/web', '10.244.1.11', 53, 'UDP', { timeoutMilliseconds: 60_000 })
      const { stdout } = await execa('ip', ['netns', 'pids', lab.place('shop/web').namespace])
      for (const id of stdout.trim().split('\n')) process.kill(Number(id), 'SIGKILL')
      await expect(waiting).rejects.toThrow(LabCommandError)
      await expect.poll(() => session.ended()).toBe('its program has ended')
    })

    test.each([
      ['TCP', 80, 'echo'],
      ['TCP', 81, 'push'],
      ['UDP', 53, 'echo'],
      ['UDP', 54, 'push'],
    ] as const)(
      'a %s session (port %i, %s) stalls under a drop rule and goes on after it',
      async (protocol, port, manner) => {
        const session = await lab.session({ from: 'other/web', toAddress: '10.244.1.11', port, protocol, manner })
        expect(await session.progresses(2_000)).toBe(true)
        await lab.loadRuleset('node-a', `${DROP} drop; }\n}\n`)
        await session.progresses(100)
        expect(await session.progresses(300)).toBe(false)
        await lab.loadRuleset('node-a', 'flush ruleset\n')
        expect(await session.progresses(5_000)).toBe(true)
        expect(session.ended()).toBeUndefined()
        await session.close()
      },
    )
  })
}
