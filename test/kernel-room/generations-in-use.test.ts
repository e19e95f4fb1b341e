import { describe, expect, test } from 'vitest'
import { generationsInUse } from '../../src/kernel/generations-in-use.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { ROOM, useNamespace } from './namespace.ts'

const MASK = 0xfff00000

describeLab('live flows', () => {
  const namespace = useNamespace()

  /** Marks flows to the ports 1001 and 1002, as our table does, and sends a datagram to each; then asks in `ways`. */
  const ask = (ways: readonly string[]) =>
    namespace.node<unknown[]>(`
      const { generationsInUse } = await import(${JSON.stringify(`${ROOM}generations-in-use.ts`)})
      const { createSocket } = await import('node:dgram')
      const answers = []
      const show = ({ carried, complete }) => answers.push([complete, ...[...carried].sort((a, b) => a - b)])
      show(await generationsInUse(${MASK}))
      for (const [type, address, port] of [['udp4', '127.0.0.1', 1001], ['udp6', '::1', 1002], ['udp4', '127.0.0.1', 1003]]) {
        const socket = createSocket(type)
        await new Promise((sent) => socket.send('x', port, address, sent))
        socket.close()
      }
      for (const way of [${ways.join(', ')}]) show(await generationsInUse(${MASK}, way))
      console.log(JSON.stringify(answers))`)

  test('carry the generations that are found: of both families, without the bits of others and without 0', async () => {
    await namespace.nft(`flush ruleset
      table inet marks { chain output { type filter hook output priority 0;
        udp dport 1001 ct mark set 0x00700005
        udp dport 1002 ct mark set 0xfff00000
        udp dport 1003 ct mark set 0x00000009
      }
      }`)
    // Without the file of the count conntrack is not loaded, and there are no flows.
    const ways = ['{}', `{ procFolder: '/nowhere' }`, `{ command: ['/nowhere/conntrack'] }`]
    expect(await ask(ways)).toEqual([[true], [true, 7, 4095], [true], [false, 7, 4095]])
    // The flows are still there; now only the tool can tell.
    const procFolder = temporaryFolder({ 'sys/net/netfilter/nf_conntrack_count': '2\n' })
    const [, answer] = await ask([JSON.stringify({ procFolder })])
    expect(answer).toEqual([true, 7, 4095])
  })
})

describe('by a tool in the place of conntrack', () => {
  const procFolder = () => temporaryFolder({ 'sys/net/netfilter/nf_conntrack_count': '2\n' })
  const tool = (script: string) => ({
    command: [`${temporaryFolder({ conntrack: `#!/bin/sh\n${script}\n` })}/conntrack`],
  })

  test('it is asked, in both families', async () => {
    const script = `case $3 in
ipv4) echo 'udp 17 29 src=10.244.1.5 dst=10.96.0.10 sport=1 dport=53 mark=1048577 use=1';;
ipv6) echo 'tcp 6 431999 ESTABLISHED src=fd00::1 dst=fd00::2 sport=1 dport=2 [ASSURED] mark=3145728 use=1';;
esac`
    expect(await generationsInUse(MASK, { procFolder: procFolder(), ...tool(script) })).toEqual({
      carried: new Set([1, 3]),
      complete: true,
    })
  })

  test('any number of flows passes through, and none is kept', async () => {
    // 280 MB, more than what is kept of a program's output may have.
    const line = 'tcp 6 431999 ESTABLISHED src=10.244.1.5 dst=10.96.0.10 sport=1 dport=53 [ASSURED] mark=1048577 use=1'
    const script = `case $3 in
ipv4) yes '${line}' | head -n 2800000;;
ipv6) echo 'udp 17 29 mark=2097152 use=1';;
esac`
    expect(
      await generationsInUse(MASK, { procFolder: procFolder(), ...tool(script), timeoutMilliseconds: 60_000 }),
    ).toEqual({
      carried: new Set([1, 2]),
      complete: true,
    })
  })

  test('without it, or when it fails or hangs, nothing is known', async () => {
    const options = { procFolder: procFolder(), timeoutMilliseconds: 200 }
    const answers = [
      await generationsInUse(MASK, { ...options, command: ['/nowhere/conntrack'] }),
      await generationsInUse(MASK, { ...options, ...tool('echo mark=1048577; exit 1') }),
      await generationsInUse(MASK, { ...options, ...tool('exec sleep 100') }),
    ]
    expect(answers).toEqual(Array(3).fill({ carried: new Set(), complete: false }))
  })
})
