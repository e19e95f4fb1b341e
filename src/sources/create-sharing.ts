import { formatBlock } from '../../compiler/addresses/format-block.ts'
import type { Sharing } from '../../compiler/objects/decode-context.ts'
import type { NamedPort, Peer, RulePort, Workload } from '../../compiler/objects/objects.ts'
import type { Selector } from '../../compiler/objects/selector.ts'

/**
 * Makes equal parts of many objects one part in memory, as the label interner does for labels: pods of one ReplicaSet share
 * nearly everything, policies are written from templates, and a cluster has a hundred thousand of them. It forgets nothing: who
 * runs for months makes a new one.
 */
export function createSharing(): Sharing {
  const texts = new Map<string, string>()
  const ports = new Map<string, readonly NamedPort[]>()
  const workloads = new Map<string, Workload>()
  const selectors = new Map<string, Selector>()
  const peers = new Map<string, readonly Peer[]>()
  const rulePorts = new Map<string, readonly RulePort[]>()
  return {
    text: (value) => shared(texts, value, value),
    ports: (value) =>
      shared(ports, value.map(({ name, protocol, number }) => `${name}/${protocol}/${number}`).join(), value),
    workload: (value) => shared(workloads, `${value.kind}/${value.name}`, value),
    selector: (value) => shared(selectors, value.key, value),
    peers: (value) => shared(peers, value.map(peerText).join('; '), value),
    rulePorts: (value) => shared(rulePorts, value.map(rulePortText).join(), value),
  }
}

function shared<Part>(parts: Map<string, Part>, key: string, part: Part): Part {
  const first = parts.get(key)
  if (first !== undefined) return first
  parts.set(key, part)
  return part
}

/** Selectors' keys hold neither a colon nor a semicolon (API validation of labels). */
function peerText(peer: Peer): string {
  switch (peer.kind) {
    case 'pods':
      return peer.namespaces === 'same' ? `same: ${peer.pods.key}` : `where ${peer.namespaces.key}: ${peer.pods.key}`
    case 'block':
      return `block ${formatBlock(peer.block)} ${peer.excepts.map(formatBlock).join()}`
  }
}

function rulePortText(port: RulePort): string {
  switch (port.kind) {
    case 'all':
      return port.protocol
    case 'range':
      return `${port.protocol} ${port.from}-${port.to}`
    case 'name':
      return `${port.protocol} ${port.name}`
  }
}
