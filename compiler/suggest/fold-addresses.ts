import { type Address, addressWidth, type Family } from '../addresses/address.ts'
import { blockContains, hostBlock } from '../addresses/block-range.ts'
import type { Block } from '../addresses/block.ts'
import { formatBlock } from '../addresses/format-block.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { parseBlock } from '../addresses/parse-block.ts'
import { PROTOCOLS } from '../objects/protocol.ts'
import { ofProtocol, OTHER_PROTOCOLS, type PortSet, unionPortSets } from '../reach/port-set.ts'
import type { SeenPeer } from './seen-peers.ts'

/** Addresses as a rule writes them. */
export interface SeenBlock {
  readonly cidr: string
  readonly excepts: readonly string[]
  readonly ports: PortSet
  /** Those that were seen in it. */
  readonly addresses: readonly SeenAddress[]
}

export interface SeenAddress {
  readonly address: string
  /** The node whose it is. */
  readonly node: string | undefined
  readonly count: number
}

/** So many addresses outside have a port one by one; whoever speaks with more of them speaks with anybody there. */
export const MOST_ADDRESSES = 16

/**
 * Addresses that were seen, as blocks: each by itself, but for ports that more than 16 outside have. Public ones are then the whole
 * internet, others the network of 256 (IPv4) or 2^64 (IPv6) in which several are, unless some of `inside`, pods or nodes, are there
 * too.
 */
export function foldAddresses(peers: readonly SeenPeer[], inside: readonly Address[]): readonly SeenBlock[] {
  const users = new Map<string, { readonly ports: PortSet; readonly seen: SeenAddress[] }>()
  for (const { end, ports, count } of peers) {
    if (end.kind !== 'address') continue
    for (const one of singlePorts(ports)) {
      const key = JSON.stringify(one)
      const known = users.get(key) ?? { ports: one, seen: [] }
      users.set(key, known)
      known.seen.push({ address: end.address, node: end.node, count })
    }
  }
  const pieces = [...users.values()].flatMap(({ ports, seen }) => {
    const blockOf = foldersOf(seen, inside)
    return seen.map((one) => ({ ...blockOf(one), ports, addresses: [one] }))
  })
  return uniteBlocks(pieces)
}

type WrittenBlock = Pick<SeenBlock, 'cidr' | 'excepts'>

/** In which block each of these is written, all of which have one port. */
function foldersOf(seen: readonly SeenAddress[], inside: readonly Address[]): (one: SeenAddress) => WrittenBlock {
  const outside = seen.filter(({ node }) => node === undefined)
  if (outside.length <= MOST_ADDRESSES) return ({ address }) => asWritten(hostBlock(read(address)))
  const sizes = new Map<string, number>()
  for (const { address } of outside) {
    const network = formatBlock(networkOf(read(address)))
    sizes.set(network, (sizes.get(network) ?? 0) + 1)
  }
  return ({ address: text, node }) => {
    const address = read(text)
    if (node !== undefined) return asWritten(hostBlock(address))
    if (isPublic(address)) return INTERNET[address.family]
    const network = networkOf(address)
    const isShared = (sizes.get(formatBlock(network)) ?? 0) > 1
    const isOthers = inside.some((one) => blockContains(network, hostBlock(one)))
    return asWritten(isShared && !isOthers ? network : hostBlock(address))
  }
}

/** Each block once, in the order of their texts. */
function uniteBlocks(pieces: readonly SeenBlock[]): readonly SeenBlock[] {
  const groups = Map.groupBy(pieces, ({ cidr }) => cidr)
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, same]) => {
      const [first] = same
      if (first === undefined) return []
      const addresses = new Map(same.flatMap((piece) => piece.addresses.map((one) => [one.address, one])))
      return [{ ...first, ports: unionPortSets(same.map(({ ports }) => ports)), addresses: [...addresses.values()] }]
    })
}

/** A set for each port in a set. */
function singlePorts({ ranges, other }: PortSet): readonly PortSet[] {
  const named = PROTOCOLS.flatMap((protocol) =>
    ranges[protocol].flatMap(({ from, to }) =>
      Array.from({ length: to - from + 1 }, (_, index) =>
        ofProtocol(protocol, [{ from: from + index, to: from + index }]),
      ),
    ),
  )
  return other ? [...named, OTHER_PROTOCOLS] : named
}

function asWritten(block: Block): WrittenBlock {
  return { cidr: formatBlock(block), excepts: [] }
}

/** Private, shared, link-local, and what is no host's (RFC 1918, 6598, 3927, 1122, 5771, 1112). */
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
]

/** Global unicast of IPv6 is one block (RFC 4291 §2.4, IANA). */
const INTERNET: Readonly<Record<Family, WrittenBlock>> = {
  IPv4: { cidr: '0.0.0.0/0', excepts: NOT_PUBLIC },
  IPv6: { cidr: '2000::/3', excepts: [] },
}

function isPublic(address: Address): boolean {
  const { cidr, excepts } = INTERNET[address.family]
  return isIn(cidr, address) && !excepts.some((except) => isIn(except, address))
}

function isIn(cidr: string, address: Address): boolean {
  const block = parseBlock(cidr)?.block
  return block !== undefined && blockContains(block, hostBlock(address))
}

/** Is it one address? */
export function isHostBlock(cidr: string): boolean {
  const block = parseBlock(cidr)?.block
  return block !== undefined && block.prefix === addressWidth(block.family)
}

function networkOf({ family, value }: Address): Block {
  const prefix = family === 'IPv4' ? 24 : 64
  const host = BigInt(addressWidth(family) - prefix)
  return { family, first: (value >> host) << host, prefix }
}

function read(text: string): Address {
  const address = parseAddress(text)
  if (address === undefined) throw new Error(`a seen address is canonical: ${text}`)
  return address
}
