import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import type { Block } from '../../compiler/addresses/block.ts'
import type { NamespacedRule } from '../../compiler/graph/build-grants.ts'
import { portsKey, type Grants } from '../../compiler/graph/grants.ts'
import type { Peers } from '../../compiler/graph/peers.ts'
import { FAMILIES } from '../../compiler/addresses/address.ts'
import { formatRange } from '../../compiler/addresses/format-range.ts'
import type { Peer, RulePort } from '../../compiler/objects/objects.ts'
import type { Protocol } from '../../compiler/objects/protocol.ts'
import { createSelector, EVERYTHING, type Selector } from '../../compiler/objects/selector.ts'

/** For tests: `anyone`, or peers such as `app=a` (this namespace), `* app=a` (all namespaces), `10.0.0.0/8 except 10.1.0.0/16`. */
export function rule(peers: string, ports: string, namespace = 'shop'): NamespacedRule {
  return {
    namespace,
    rule: {
      index: 0,
      peers: peers === 'anyone' ? 'anyone' : split(peers).map(readPeer),
      ports: ports === 'any' ? 'any' : split(ports).map(readPort),
    },
  }
}

/** The normal form as people read it: `TCP 80-90 ← in shop: app=a or 10.0.0.0/8`. */
export function grantTexts({ list }: Grants): readonly string[] {
  return list.map(({ ports, peers }) => `${portsKey(ports)} ← ${peersText(peers)}`)
}

export function peersText(peers: Peers): string {
  if (peers.kind === 'anyone') return 'anyone'
  const ranges = FAMILIES.flatMap((family) => peers.ranges[family].map((range) => formatRange(range, family)))
  return [...peers.groups.map(({ key }) => key), ...ranges].join(' or ')
}

/** `app=a`, `!app`, or nothing for everything. */
export function selectorOf(text: string): Selector {
  if (text === '' || text === '{}') return EVERYTHING
  if (text.startsWith('!')) return createSelector([{ key: text.slice(1), operator: 'DoesNotExist', values: [] }])
  const [key = '', value = ''] = text.split('=')
  return createSelector([{ key, operator: 'In', values: [value] }])
}

export function blockOf(text: string): Block {
  const parsed = parseBlock(text)
  if (parsed === undefined) throw new Error(`not a block: ${text}`)
  return parsed.block
}

export function addressOf(text: string) {
  const address = parseAddress(text)
  if (address === undefined) throw new Error(`not an address: ${text}`)
  return address
}

function readPeer(text: string): Peer {
  if (/^[0-9a-f:.]+\//.test(text)) {
    const [block = '', ...excepts] = text.split(/ except | and /)
    return { kind: 'block', block: blockOf(block), excepts: excepts.map(blockOf) }
  }
  if (!text.startsWith('*')) return { kind: 'pods', namespaces: 'same', pods: selectorOf(text) }
  return { kind: 'pods', namespaces: EVERYTHING, pods: selectorOf(text.slice(1).trim()) }
}

/** `TCP`, `TCP 80`, `TCP 80-90`, `TCP http`. */
function readPort(text: string): RulePort {
  const [protocol, port] = text.split(' ') as [Protocol, string?]
  if (port === undefined) return { kind: 'all', protocol }
  if (!/^\d/.test(port)) return { kind: 'name', protocol, name: port }
  const [from, to = from] = port.split('-').map(Number)
  return { kind: 'range', protocol, from: from ?? 0, to: to ?? 0 }
}

function split(text: string): readonly string[] {
  return text.split(', ').filter((part) => part !== '')
}
