import { podName } from '../../objects/pod-name.ts'
import { peerGroup } from '../../graph/rule-peers.ts'
import { type LintRule, remarkOn } from '../lint-rule.ts'
import { podIndexOf } from '../pod-index.ts'
import { rulesOfPolicies } from '../policy-rules.ts'

/** A pod on its node's network has the node's address: no selector matches it, as subject or as peer. */
export const hostNetworkPeer: LintRule = {
  name: 'host-network-peer',
  severity: 'warning',
  summary: 'A selector is for pods on the network of their node, which no selector matches',
  check(input) {
    const { graph } = input.cluster
    const index = podIndexOf(graph)
    return rulesOfPolicies(input).flatMap(({ policy, direction, rule }) =>
      (rule.peers === 'anyone' ? [] : rule.peers).flatMap((peer) => {
        // Whoever selects everything did not mean the node's pods in particular.
        if (peer.kind !== 'pods' || peer.pods.key === '') return []
        const matching = index.inGroup(peerGroup(peer, policy.namespace))
        const [first] = matching
        if (first === undefined || matching.some(({ pod }) => !pod.hostNetwork)) return []
        const message = `${podName(first.pod)} is on its node's network: the selector never matches it`
        return [remarkOn(policy, { direction, rule }, message, 'use an ipBlock with the addresses of the nodes')]
      }),
    )
  },
}
