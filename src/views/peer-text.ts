import { formatBlock } from '../../compiler/addresses/format-block.ts'
import type { Peer, PolicyRule } from '../../compiler/objects/objects.ts'

/** The peers of a rule in words: `pods with app=web in shop, 10.0.0.0/8 except 10.1.0.0/16`, `anyone`, `nobody`. */
export function peersText({ peers }: PolicyRule, namespace: string): string {
  if (peers === 'anyone') return 'anyone'
  return peers.length === 0 ? 'nobody' : peers.map((peer) => peerText(peer, namespace)).join('; ')
}

function peerText(peer: Peer, namespace: string): string {
  if (peer.kind === 'block') {
    const excepts = peer.excepts.map(formatBlock).join(', ')
    return `${formatBlock(peer.block)}${excepts === '' ? '' : ` except ${excepts}`}`
  }
  const pods = peer.pods.key === '' ? 'every pod' : `pods with ${peer.pods.key}`
  if (peer.namespaces === 'same') return `${pods} in ${namespace}`
  return peer.namespaces.key === '' ? `${pods} of every namespace` : `${pods} of namespaces with ${peer.namespaces.key}`
}
