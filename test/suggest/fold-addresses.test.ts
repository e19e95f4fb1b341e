import { expect, test } from 'vitest'
import type { Address } from '../../compiler/addresses/address.ts'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { ofProtocol, portTexts, type PortSet } from '../../compiler/reach/port-set.ts'
import { foldAddresses } from '../../compiler/suggest/fold-addresses.ts'
import type { SeenPeer } from '../../compiler/suggest/seen-peers.ts'

const HTTPS = ofProtocol('TCP', [{ from: 443, to: 443 }])

function seen(address: string, ports: PortSet = HTTPS, node?: string): SeenPeer {
  return { end: { kind: 'address', address, node }, ports, count: 1 }
}

function many(prefix: string, size: number, ports?: PortSet): readonly SeenPeer[] {
  return Array.from({ length: size }, (_, index) => seen(`${prefix}${index + 1}`, ports))
}

function folded(peers: readonly SeenPeer[], inside: readonly string[] = []): readonly string[] {
  const addresses: readonly Address[] = inside.flatMap((text) => parseAddress(text) ?? [])
  return foldAddresses(peers, addresses).map(({ cidr, ports, addresses: { length } }) => {
    const texts = portTexts(ports).map((text) => `${text.ports}/${text.protocol}`)
    return `${cidr} ${texts.join(' ')} (${length})`
  })
}

test('16 addresses stand one by one', () => {
  expect(folded(many('203.0.113.', 16))).toHaveLength(16)
})

test('more public ones are the internet, and not what is private', () => {
  expect(folded(many('203.0.113.', 17))).toEqual(['0.0.0.0/0 443/TCP (17)'])
  expect(foldAddresses(many('203.0.113.', 17), [])[0]?.excepts).toContain('10.0.0.0/8')
  expect(folded(many('2001:db8::', 17))).toEqual(['2000::/3 443/TCP (17)'])
})

test('of private ones their networks, where several are; a network of pods or nodes never', () => {
  const peers = [...many('192.168.7.', 17), seen('192.168.8.1')]
  expect(folded(peers)).toEqual(['192.168.7.0/24 443/TCP (17)', '192.168.8.1/32 443/TCP (1)'])
  expect(folded(peers, ['192.168.7.200'])).toHaveLength(18)
})

test('a node is never folded, and does not count', () => {
  expect(folded([...many('203.0.113.', 16), seen('203.0.113.99', HTTPS, 'a')])).toHaveLength(17)
  const blocks = folded([...many('203.0.113.', 17), seen('203.0.113.99', HTTPS, 'a')])
  expect(blocks).toEqual(['0.0.0.0/0 443/TCP (17)', '203.0.113.99/32 443/TCP (1)'])
})

test('only the ports are folded that so many have', () => {
  const both = ofProtocol('TCP', [
    { from: 22, to: 22 },
    { from: 443, to: 443 },
  ])
  const peers = [seen('203.0.113.1', both), ...many('203.0.113.', 18).slice(1)]
  expect(folded(peers)).toEqual(['0.0.0.0/0 443/TCP (18)', '203.0.113.1/32 22/TCP (1)'])
})
