import { blockRange } from '../addresses/block-range.ts'
import { formatAddress } from '../addresses/format-address.ts'
import { formatBlock } from '../addresses/format-block.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { rangesContain } from '../addresses/ranges.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import type { FoundEnd } from '../cluster/found-end.ts'
import { podName } from '../objects/pod-name.ts'
import type { PairAnswer } from './answer-leg.ts'
import { isolatingPolicies } from './isolating-policies.ts'
import type { Site } from './site.ts'

const MOST_ADDRESSES = 3

/**
 * Egress rules whose ipBlock names the Service rather than what is behind it. A packet has lost the Service's address by the
 * time policy sees it (networking/v1 IPBlock; https://kubernetes.io/docs/concepts/services-networking/network-policies/).
 */
export function serviceBlockNotes(
  cluster: Cluster,
  sources: readonly Site[],
  to: FoundEnd,
  pairs: readonly PairAnswer[],
): readonly string[] {
  if (to.kind !== 'service') return []
  const denied = pairs.flatMap(({ families }) => families).filter(({ answer }) => !answer.egress.allowed)
  const seen = new Set(denied.flatMap(({ connection }) => (connection ? [formatAddress(connection.destination)] : [])))
  if (seen.size === 0) return []
  const addresses = to.service.clusterAddresses.flatMap((text) => parseAddress(text) ?? [])
  const told = [...seen].slice(0, MOST_ADDRESSES).join(', ') + (seen.size > MOST_ADDRESSES ? ', …' : '')
  const notes = sources.flatMap((site) => {
    if (site.kind !== 'pod') return []
    return isolatingPolicies(cluster, site.pod, 'egress').flatMap((policy) => {
      if (policy.egress?.kind !== 'rules') return []
      return policy.egress.rules.flatMap(({ index, peers }) =>
        (peers === 'anyone' ? [] : peers).flatMap((peer) => {
          if (peer.kind !== 'block') return []
          const { block } = peer
          const holds = addresses.some(
            ({ family, value }) => family === block.family && rangesContain([blockRange(block)], value),
          )
          if (!holds) return []
          return [
            `ipBlock ${formatBlock(block)} of ${podName(policy)} egress[${index}] holds the address of Service ${to.name} ` +
              `and grants nothing by it: policy sees what is behind the Service, ${told}`,
          ]
        }),
      )
    })
  })
  return [...new Set(notes)]
}
