import type { LawName } from './laws.ts'

/** A deliberate fault: a text of one file of compiler/, which stands there exactly once, and another one in its place. */
export interface Fault {
  readonly fault: string
  /** The law that finds it. */
  readonly law: LawName
  readonly file: string
  readonly find: string
  readonly replace: string
}

const DECODING: readonly Fault[] = [
  {
    fault: 'policyTypes Egress is taken for Ingress',
    law: 'graph is oracle',
    file: 'objects/decode-policy-types.ts',
    find: "egress: list.includes('Egress')",
    replace: "egress: list.includes('Ingress')",
  },
  {
    fault: 'without policyTypes every policy closes egress',
    law: 'graph is oracle',
    file: 'objects/decode-policy.ts',
    find: "const hasEgress = egress.kind === 'closed' || egress.rules.length > 0",
    replace: 'const hasEgress = true',
  },
  {
    fault: 'an empty list of peers is nobody',
    law: 'graph is oracle',
    file: 'objects/decode-rule.ts',
    find: 'if (list === undefined || list.length === 0) return undefined',
    replace: 'if (list === undefined) return undefined',
  },
  {
    fault: 'endPort is ignored',
    law: 'graph is oracle',
    file: 'objects/decode-rule-port.ts',
    find: 'to: endPort ?? port',
    replace: 'to: port',
  },
  {
    fault: 'plain init containers own port names',
    law: 'graph is oracle',
    file: 'objects/decode-named-ports.ts',
    find: "if (list === 'initContainers' && container['restartPolicy'] !== 'Always') continue",
    replace: '',
  },
  {
    fault: 'failed pods keep their addresses',
    law: 'graph is oracle',
    file: 'objects/decode-pod.ts',
    find: "finished: phase === 'Succeeded' || phase === 'Failed'",
    replace: "finished: phase === 'Succeeded'",
  },
]

const SELECTING: readonly Fault[] = [
  {
    fault: 'NotIn wants the label',
    law: 'graph is oracle',
    file: 'selectors/matches-selector.ts',
    find: 'return value === undefined || !values.includes(value)',
    replace: 'return value !== undefined && !values.includes(value)',
  },
  {
    fault: 'of both selectors of a peer one is enough',
    law: 'graph is oracle',
    file: 'selectors/in-peer-group.ts',
    find: 'return inScope && matchesSelector',
    replace: 'return inScope || matchesSelector',
  },
  {
    fault: 'pods are looked up under the first value of an In only',
    law: 'any order, one end',
    file: 'selectors/selector-anchors.ts',
    find: 'best = values.map((value)',
    replace: 'best = values.slice(0, 1).map((value)',
  },
  {
    fault: 'a group has no members that were there before it',
    law: 'graph is oracle',
    file: 'selectors/membership-index.ts',
    find: 'for (const bucket of candidates(group)) {',
    replace: 'for (const bucket of [...candidates(group)].slice(0, 0)) {',
  },
]

const ADDRESSES: readonly Fault[] = [
  {
    fault: 'excepts are ignored',
    law: 'graph is oracle',
    file: 'graph/rule-peers.ts',
    find: 'normalizeRanges(holes)',
    replace: '[]',
  },
  {
    fault: 'the address before an except is cut too late',
    law: 'graph is oracle',
    file: 'addresses/interval-algebra.ts',
    find: 'rest.push(interval(start, before(first(hole))))',
    replace: 'rest.push(interval(start, first(hole)))',
  },
  {
    fault: 'of nested blocks the inner one ends both',
    law: 'graph is oracle',
    file: 'addresses/interval-algebra.ts',
    find: 'else if (last(next) > last(current)) merged',
    replace: 'else merged',
  },
  {
    fault: 'a block lacks its last address',
    law: 'graph is oracle',
    file: 'addresses/block-range.ts',
    find: 'BigInt(addressWidth(block.family) - block.prefix)) - 1n }',
    replace: 'BigInt(addressWidth(block.family) - block.prefix)) - (block.prefix % 32 === 0 ? 1n : 2n) }',
  },
  {
    fault: 'the second family of a pod is dropped',
    law: 'graph is oracle',
    file: 'engine/address-owners.ts',
    find: 'return pod.finished || pod.hostNetwork ? [] : pod.addresses',
    replace: 'return pod.finished || pod.hostNetwork ? [] : pod.addresses.slice(0, 1)',
  },
]

const GRAPH: readonly Fault[] = [
  {
    fault: 'a grant of everything absorbs no port',
    law: 'equal meaning, equal bytes',
    file: 'graph/build-grants.ts',
    find: 'wider[protocol] = unionPeers([anyPeers, peers])',
    replace: 'wider[protocol] = peers',
  },
  {
    fault: 'a name resolves whatever its protocol',
    law: 'graph is oracle',
    file: 'graph/build-grants.ts',
    find: 'ownPorts.find(({ name, protocol }) => name === port.name && protocol === port.protocol)',
    replace: 'ownPorts.find(({ name }) => name === port.name)',
  },
  {
    fault: 'an interval of ports lacks its last one',
    law: 'graph is oracle',
    file: 'graph/sweep-ports.ts',
    find: '({ to }) => to + 1)',
    replace: '({ from, to }) => Math.max(from + 1, to))',
  },
  {
    fault: 'neighbours with equal peers stay apart',
    law: 'neighbours differ',
    file: 'graph/sweep-ports.ts',
    find: 'last.key === key && last.to === cut - 1',
    replace: 'last.key === key && last.to === cut',
  },
  {
    fault: 'the judge swaps the directions of the source',
    law: 'graph is oracle',
    file: 'graph/judge.ts',
    find: "judgeDirection(graph, from?.egress ?? 'open'",
    replace: "judgeDirection(graph, from?.ingress ?? 'open'",
  },
  {
    fault: 'one direction is enough',
    law: 'graph is oracle',
    file: 'graph/judge.ts',
    find: 'allowed: egress.allowed && ingress.allowed,',
    replace: 'allowed: egress.allowed || ingress.allowed,',
  },
]

const LAYOUT: readonly Fault[] = [
  {
    fault: 'a class does not end in deny',
    law: 'text is graph',
    file: 'nftables/class-layout.ts',
    find: 'layout.rules.push(...last, `goto ${way.deny}`)',
    replace: 'layout.rules.push(...last)',
  },
  {
    fault: 'few ports: a rule accepts, and the other end is not asked',
    law: 'text is graph',
    file: 'nftables/class-layout.ts',
    find: '${way.peer} @${formula.name} return`)\n  }\n}',
    replace: '${way.peer} @${formula.name} accept`)\n  }\n}',
  },
  {
    fault: 'more ports: the dispatch does not stand last',
    law: 'text is graph, with a dispatch',
    file: 'nftables/class-layout.ts',
    find: 'last.push(dispatch(parts.ports, way, layout))',
    replace: 'layout.rules.push(dispatch(parts.ports, way, layout))',
  },
  {
    fault: 'more ports: the chain of a port does not deny',
    law: 'text is graph, with a dispatch',
    file: 'nftables/class-layout.ts',
    find: '[`${way.peer} @${formula.name} return`, `goto ${way.deny}`]',
    replace: '[`${way.peer} @${formula.name} return`]',
  },
  {
    fault: 'very many sets: the ranges of ports are lost',
    law: 'text is graph, with merged sets',
    file: 'nftables/class-layout.ts',
    find: 'if (ranges.length === 0) return',
    replace: 'if (ranges.length >= 0) return',
  },
  {
    fault: 'ports for anyone: the set of them looks at the wrong port',
    law: 'text is graph, with ports for anyone',
    file: 'nftables/class-layout.ts',
    find: 'layout.rules.push(`meta l4proto . th ${portField(way.portSide)} @${set.name} return`)',
    replace: 'layout.rules.push(`meta l4proto . th dport @${set.name} return`)',
  },
  {
    fault: 'an answer is judged by its destination port',
    law: 'text is graph',
    file: 'nftables/way.ts',
    find: "variant === 'request' ? 'destination' : 'source'",
    replace: "'destination'",
  },
  {
    fault: 'an answer is judged by the wrong address',
    law: 'text is graph',
    file: 'nftables/way.ts',
    find: "(direction === 'ingress') === (variant === 'request')",
    replace: "direction === 'ingress'",
  },
  {
    fault: 'a block for one protocol is open for all',
    law: 'text is graph',
    file: 'nftables/block-rules.ts',
    find: 'whole.add(`${addresses} . ${protocolWord(block.ports.protocol)}`)',
    replace: 'whole.add(`${addresses} . 0-255`)',
  },
  {
    fault: 'a port name opens no pods inside a block',
    law: 'text is graph, with a dispatch',
    file: 'nftables/set-formula.ts',
    find: "if (port.kind === 'name' && within.length > 0)",
    replace: "if (port.kind === 'range' && within.length > 0)",
  },
  {
    fault: 'a pod’s chain is not returned from',
    law: 'text is graph',
    file: 'nftables/base-sets.ts',
    find: ': jump ${name}`',
    replace: ': goto ${name}`',
  },
  {
    fault: 'a pod does not reach itself',
    law: 'text is graph',
    file: 'nftables/static-chains.ts',
    find: '      `ct status dnat ${source} . ${destination} @self${digit} accept`,\n      `ct state untracked',
    replace: '      `ct state untracked',
  },
]

const ENGINE: readonly Fault[] = [
  {
    fault: 'of two owners the older one wins',
    law: 'graph is oracle',
    file: 'engine/address-owners.ts',
    find: 'compare(right.pod.createdAt, left.pod.createdAt)',
    replace: 'compare(left.pod.createdAt, right.pod.createdAt)',
  },
  {
    fault: 'a terminating pod keeps its address from the next one',
    law: 'graph is oracle',
    file: 'engine/address-owners.ts',
    find: 'Number(left.pod.terminating) - Number(right.pod.terminating) ||',
    replace: '',
  },
  {
    fault: 'of two owners the first one that came wins',
    law: 'any order, one end',
    file: 'engine/address-owners.ts',
    find: 'found.toSorted(byRight)[0]',
    replace: 'found[0]',
  },
  {
    fault: 'rivals for an address are not looked at again',
    law: 'any order, one end',
    file: 'engine/create-engine.ts',
    find: 'for (const address of claims) for (const rival of owners.claimantsOf(address)) affected.add(rival)',
    replace: '',
  },
  {
    fault: 'new labels of a namespace change no peers',
    law: 'any order, one end',
    file: 'engine/create-engine.ts',
    find: 'if (labels.key === namespaceLabels(name).key) continue',
    replace: 'continue',
  },
  {
    fault: 'the address of a pod that goes stays isolated',
    law: 'any order, one end',
    file: 'engine/create-engine.ts',
    find: 'if (entry.subject !== undefined) for (const address of entry.owned) stale.add(address)\n      ',
    replace: '',
  },
  {
    fault: 'what a policy said is remembered when it says something else',
    law: 'any order, one end',
    file: 'engine/policy-book.ts',
    find: 'memory.delete(bucket)',
    replace: '',
  },
  {
    fault: 'classes that nobody has any more are kept',
    law: 'any order, one end',
    file: 'engine/class-registry.ts',
    find: 'if (node.users > 0) return',
    replace: 'if (node.users >= 0) return',
  },
  {
    fault: 'elements of sets are not taken out',
    law: 'old verdict or new verdict',
    file: 'engine/set-registry.ts',
    find: 'const removed = [...old].filter((element) => !now.has(element))',
    replace: 'const removed: string[] = []',
  },
]

const PLANNING: readonly Fault[] = [
  {
    fault: 'sets that old chains read grow before the swap',
    law: 'old verdict or new verdict',
    file: 'nftables/plan-transactions.ts',
    find: 'read.before.has(name) ? steps.widen : steps.prepare',
    replace: 'steps.prepare',
  },
  {
    fault: 'sets that new chains read shrink after the swap',
    law: 'old verdict or new verdict',
    file: 'nftables/plan-transactions.ts',
    find: 'read.after.has(name) ? steps.narrow : steps.settle',
    replace: 'steps.settle',
  },
  {
    fault: 'sets that chains read before and after are not diverted',
    law: 'old verdict or new verdict',
    file: 'nftables/divert-conflicts.ts',
    find: 'if (conflicts.size === 0) {',
    replace: 'if (conflicts.size >= 0) {',
  },
  {
    fault: 'isolation ends when the sets of its chains have changed',
    law: 'old verdict or new verdict',
    file: 'nftables/plan-transactions.ts',
    find: 'isBase ? steps.release : ',
    replace: 'isBase ? steps.begin : ',
  },
  {
    fault: 'isolation begins before its sets have changed',
    law: 'old verdict or new verdict',
    file: 'nftables/plan-transactions.ts',
    find: 'isBase ? steps.begin : ',
    replace: 'isBase ? steps.release : ',
  },
  {
    fault: 'everything is one transaction',
    law: 'old verdict or new verdict',
    file: 'nftables/plan-transactions.ts',
    find: 'if (last === undefined || !mayJoin(last, step, read)) joined.push(step)',
    replace: 'if (last === undefined) joined.push(step)',
  },
  {
    fault: 'a chain is rewritten by adding to it',
    law: 'old verdict or new verdict',
    file: 'nftables/transaction-text.ts',
    find: 'lines.push(`flush chain ${TABLE} ${chain.name}`)',
    replace: '',
  },
  {
    fault: 'chains that a deleted map led to go with it',
    law: 'old verdict or new verdict',
    file: 'nftables/plan-transactions.ts',
    find: '[deletedChains.filter(isPortChainName), deletedChains.filter((name) => !isPortChainName(name))]',
    replace: '[[], deletedChains]',
  },
  {
    fault: 'the generation is not bumped',
    law: 'a right taken is taken from live flows',
    file: 'nftables/plan-transactions.ts',
    find: "if (change.narrows && options.established === 'rejudge')",
    replace: 'if (false)',
  },
  {
    fault: 'a peer that goes takes no right away',
    law: 'a right taken is taken from live flows',
    file: 'engine/create-engine.ts',
    find: 'narrows: isolated.narrows || takesFromPeers',
    replace: 'narrows: isolated.narrows',
  },
  {
    fault: 'isolation that begins takes no right away',
    law: 'a right taken is taken from live flows',
    file: 'engine/isolation-table.ts',
    find: 'return before === undefined || !grantsCover',
    replace: 'return before !== undefined && !grantsCover',
  },
  {
    fault: 'a class that changes takes no right away',
    law: 'a right taken is taken from live flows',
    file: 'graph/grants-cover.ts',
    find: 'return narrower.list.every((grant) => grantCovered(wider, grant))',
    replace: 'return narrower.list.length >= 0',
  },
]

export const FAULTS: readonly Fault[] = [DECODING, SELECTING, ADDRESSES, GRAPH, LAYOUT, ENGINE, PLANNING].flat()
