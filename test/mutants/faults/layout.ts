import type { Fault } from '../fault.ts'

/** Grants as chains and sets, in each layout of a class, each way of a packet. */
export const LAYOUT: readonly Fault[] = [
  {
    fault: 'a class does not end in deny',
    law: 'text is graph',
    file: 'nftables/class-layout.ts',
    find: '  layout.rules.push(rule(goTo(way.deny)))\n',
    replace: '',
  },
  {
    fault: 'few ports: a rule accepts, and the other end is not asked',
    law: 'text is graph',
    file: 'nftables/class-layout.ts',
    find: 'inSet(way.peer, formula.name), way.allow))\n  }\n}',
    replace: "inSet(way.peer, formula.name), 'accept'))\n  }\n}",
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
    find: '[rule(inSet(way.peer, formula.name), way.allow), rule(goTo(way.deny))]',
    replace: '[rule(inSet(way.peer, formula.name), way.allow)]',
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
    find: 'inSet(`meta l4proto . th ${portField(way.portSide)}`, set.name)',
    replace: 'inSet("meta l4proto . th dport", set.name)',
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
    find: 'return `meta l4proto ${protocolWord(ports.protocol)}`',
    replace: "return ''",
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
    find: 'const lead = jump(name)',
    replace: 'const lead = goTo(name)',
  },
  {
    fault: 'a pod does not reach itself',
    law: 'text is graph',
    file: 'nftables/static-chains.ts',
    find: '      hairpin,\n',
    replace: '',
  },
]
