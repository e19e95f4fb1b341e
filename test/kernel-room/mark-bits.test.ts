import { expect, test } from 'vitest'
import { markBits } from '../../src/kernel/mark-bits.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { useNamespace } from './namespace.ts'

describeLab('rules as nft prints them', () => {
  const namespace = useNamespace()

  test.each([
    ['ip saddr 10.0.0.1 accept', 0],
    ['meta mark 0x4000 accept', 0],
    ['ct mark 0x1 accept', 0xffffffff],
    ['ct mark and 0xff == 0x1 accept', 0xff],
    ['ct mark set 0x1', 0xffffffff],
    ['ct mark set meta mark', 0xffffffff],
    ['meta mark set ct mark', 0xffffffff],
    ['meta mark set ct mark and 0xff0000', 0xff0000],
    ['ct mark set ct mark or 0x8', 0x8],
    ['ct mark set ct mark and 0xffffff00', 0xff],
    ['ct mark set ct mark and 0xffffff00 or 0x17', 0xff],
    ['ct mark set ct mark and 0x000fffff or 0x00300000', 0xfff00000],
    ['ct mark set ct mark xor 0x30', 0x30],
    ['ct mark and 0xf00 vmap { 0x100 : accept, 0x200 : drop }', 0xf00],
    ['ct mark vmap { 0x100 : accept }', 0xffffffff],
    ['ip saddr . ct mark { 10.0.0.1 . 0x1 } accept', 0xffffffff],
  ])('%s', async (rule, bits) => {
    await namespace.nft(`flush ruleset\ntable inet other { chain c { ${rule}; }\n}`)
    const listing = JSON.parse(await namespace.sh('nft -j list ruleset')) as {
      nftables: { rule?: { expr: unknown } }[]
    }
    const found = listing.nftables.map(({ rule: one }) => markBits(one?.expr)).find((one) => one !== 0) ?? 0
    expect(found.toString(16)).toBe(bits.toString(16))
  })
})
