import type { Address } from '../../addresses/address.ts'
import { blockRange } from '../../addresses/block-range.ts'
import { formatBlock } from '../../addresses/format-block.ts'
import { parseAddress } from '../../addresses/parse-address.ts'
import { normalizeRanges, rangesContain, subtractRanges } from '../../addresses/ranges.ts'
import type { BlockPeer } from '../../objects/objects.ts'
import { type LintRule, remarkOn } from '../lint-rule.ts'
import { rulesOfPolicies } from '../policy-rules.ts'

/** Where a connection to a Service really goes, and what to write for it. */
const OF_PODS = ['pod', 'select the pods behind the Service'] as const
const OF_ENDPOINTS = ['endpoint', 'write the addresses of its endpoints'] as const

/** A Service's address is translated before policy looks: an ipBlock for it never matches. */
export const blockForService: LintRule = {
  name: 'block-for-service',
  severity: 'warning',
  summary: 'An ipBlock is for the address of a Service, which policy never sees',
  check(input) {
    const services = [...input.cluster.services.values()].flatMap((service) =>
      service.clusterAddresses.flatMap((text) => {
        const address = parseAddress(text)
        return address === undefined ? [] : [{ address, service }]
      }),
    )
    return rulesOfPolicies(input).flatMap(({ policy, direction, rule }) =>
      (rule.peers === 'anyone' ? [] : rule.peers).flatMap((peer) => {
        if (direction !== 'egress' || peer.kind !== 'block' || isWide(peer)) return []
        const found = services.find(({ address }) => holds(peer, address))
        if (found === undefined) return []
        const { namespace, name, selector } = found.service
        const [seen, hint] = selector === undefined ? OF_ENDPOINTS : OF_PODS
        const message = `ipBlock ${formatBlock(peer.block)} is for Service ${namespace}/${name}: policy sees the address of its ${seen} instead`
        return [remarkOn(policy, { direction, rule }, message, hint)]
      }),
    )
  },
}

/** Whoever writes a whole private network, or more than Services ever get, does not mean the Services in it. */
function isWide({ block }: BlockPeer): boolean {
  if (['172.16.0.0/12', '192.168.0.0/16'].includes(formatBlock(block))) return true
  return block.prefix < (block.family === 'IPv4' ? 12 : 64)
}

function holds({ block, excepts }: BlockPeer, address: Address): boolean {
  const ranges = subtractRanges([blockRange(block)], normalizeRanges(excepts.map(blockRange)))
  return address.family === block.family && rangesContain(ranges, address.value)
}
