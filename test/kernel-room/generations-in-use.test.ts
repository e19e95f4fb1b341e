import { expect, test } from 'vitest'
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
