import { cidrBits } from './in-block.ts'
import type { RawIpBlock, RawPeer, RawPort, RawRule, RawSelector } from './raw-cluster.ts'

/**
 * Whether a rule is one that the API server takes. A direction with one that it refuses is closed, with two exceptions that
 * have a plain meaning: a peer without any field selects nothing, an except equal to its cidr leaves nothing.
 */
export function isReadableRule(rule: RawRule): boolean {
  const peers = [...(rule.from ?? []), ...(rule.to ?? [])]
  return (
    peers.every((peer) => isReadablePeer(peer ?? {})) && (rule.ports ?? []).every((port) => isReadablePort(port ?? {}))
  )
}

/** In and NotIn want values, Exists and DoesNotExist none (meta/v1 LabelSelectorRequirement). */
export function isReadableSelector(selector: RawSelector): boolean {
  return (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
    const count = (values ?? []).length
    if (operator === 'In' || operator === 'NotIn') return key !== '' && count > 0
    return (operator === 'Exists' || operator === 'DoesNotExist') && key !== '' && count === 0
  })
}

function isReadablePeer(peer: RawPeer): boolean {
  if (peer.ipBlock) return !peer.podSelector && !peer.namespaceSelector && isReadableBlock(peer.ipBlock)
  return isReadableSelector(peer.podSelector ?? {}) && isReadableSelector(peer.namespaceSelector ?? {})
}

function isReadableBlock(block: RawIpBlock): boolean {
  const cidr = cidrBits(block.cidr)
  if (cidr === undefined) return false
  return (block.except ?? []).map(cidrBits).every((except) => {
    return except !== undefined && except.width === cidr.width && except.prefix.startsWith(cidr.prefix)
  })
}

function isReadablePort({ protocol, port, endPort }: RawPort): boolean {
  if (!['TCP', 'UDP', 'SCTP'].includes(protocol ?? 'TCP')) return false
  if (endPort !== undefined && endPort !== null) {
    return typeof port === 'number' && isPortNumber(port) && isPortNumber(endPort) && port <= endPort
  }
  if (port === undefined || port === null) return true
  return typeof port === 'number' ? isPortNumber(port) : isPortName(port)
}

function isPortNumber(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535
}

/** RFC 6335 section 5.1: up to 15 of a-z, 0-9 and single inner hyphens, with at least one letter. */
function isPortName(name: string): boolean {
  return name.length <= 15 && /[a-z]/.test(name) && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)
}
