import { formatBlock } from '../../compiler/addresses/format-block.ts'
import type { Sharing } from '../../compiler/objects/decode-context.ts'
import type { NamedPort, Peer, RulePort, Workload } from '../../compiler/objects/objects.ts'
import type { Selector } from '../../compiler/objects/selector.ts'
import { createWeakParts } from './create-weak-parts.ts'

/** Names of namespaces and nodes, mostly; so many of them, and as many from before, are known at a time. */
const MOST_TEXTS = 10_000

/**
 * Makes equal parts of many objects one part in memory, as the label interner does for labels: pods of one ReplicaSet share
 * nearly everything, policies are written from templates, and a cluster has a hundred thousand of them. What no object has any more
 * is forgotten, and so are texts that have not come for long.
 */
export function createSharing(): Sharing {
  const ports = createWeakParts<readonly NamedPort[]>()
  const workloads = createWeakParts<Workload>()
  const selectors = createWeakParts<Selector>()
  const peers = createWeakParts<readonly Peer[]>()
  const rulePorts = createWeakParts<readonly RulePort[]>()
  return {
    text: createTexts(),
    ports: (value) => ports(value.map(({ name, protocol, number }) => `${name}/${protocol}/${number}`).join(), value),
    workload: (value) => workloads(`${value.kind}/${value.name}`, value),
    selector: (value) => selectors(value.key, value),
    peers: (value) => peers(value.map(peerText).join('; '), value),
    rulePorts: (value) => rulePorts(value.map(rulePortText).join(), value),
  }
}

/** Texts cannot be held weakly. */
function createTexts(): (value: string) => string {
  let [now, before] = [new Map<string, string>(), new Map<string, string>()]
  return (value) => {
    const known = now.get(value)
    if (known !== undefined) return known
    if (now.size >= MOST_TEXTS) [now, before] = [new Map(), now]
    const first = before.get(value) ?? value
    now.set(first, first)
    return first
  }
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
