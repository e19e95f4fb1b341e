import { describe, expect, test } from 'vitest'
import { generationsInUse } from '../../src/kernel/generations-in-use.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const MASK = 0xfff00000

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
