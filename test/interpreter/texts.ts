/** A transaction on a table that `STANDING` has made, and what is to become of it. */
export interface TextCase {
  readonly name: string
  /** Instead of `STANDING`; empty: there is no table. */
  readonly before?: string
  readonly text: string
}

export interface RefusedText extends TextCase {
  readonly complaint: RegExp
}

export const STANDING = `table inet selvedge {
  chain forward {
    type filter hook forward priority filter + 5; policy accept;
  }
  chain a {
    accept
  }
  chain b {
  }
  set hash {
    type ipv4_addr
    comment "addresses"
    elements = { 10.0.0.1, 10.0.0.2 }
  }
  set hash6 {
    typeof ip6 saddr
  }
  set triple {
    type ipv4_addr . inet_proto . inet_service
    elements = { 10.0.0.1 . tcp . 80 }
  }
  set boxes {
    type ipv4_addr . inet_service
    flags interval
    elements = { 10.0.0.0/8 . 80-90, 11.0.0.0-11.0.0.9 . 80 }
  }
  set seen {
    type ipv4_addr . ipv4_addr . inet_proto . inet_service
    size 4096
    flags dynamic,timeout
    timeout 3600s
  }
  map pods {
    typeof ip saddr : verdict
    elements = { 10.0.0.1 : jump a }
  }
}
`

const T = 'inet selvedge'

const KEY = 'ip saddr . ip daddr . meta l4proto . th dport'

/** A chain of so many chains behind the base chain. */
export function deepChains(count: number, word: 'jump' | 'goto'): string {
  const blocks = Array.from({ length: count }, (_, index) => {
    const next = index + 1 < count ? `${word} d-${index + 1}\n` : ''
    return `chain d-${index} {\n${next}}\n`
  })
  return `table ${T} {\n${blocks.join('')}}\nadd rule ${T} forward ${word} d-0\n`
}

const rule = (text: string) => `add rule ${T} b ${text}\n`

export const ACCEPTED: readonly TextCase[] = [
  { name: 'the first table', before: '', text: STANDING },
  { name: 'a table that replaces another', text: `add table ${T}\ndelete table ${T}\n${STANDING}` },
  { name: 'an element that stands already, in a set', text: `add element ${T} hash { 10.0.0.1, 10.0.0.3, 10.0.0.3 }` },
  { name: 'an element that stands already, in a map', text: `add element ${T} pods { 10.0.0.1 : jump a }` },
  { name: 'elements over lines', text: `add element ${T} hash {\n  10.0.0.3,\n  10.0.0.4\n}\n` },
  { name: 'deleted elements', text: `delete element ${T} hash { 10.0.0.1, 10.0.0.2 }` },
  { name: 'a map element deleted by its key', text: `delete element ${T} pods { 10.0.0.1 }` },
  {
    name: 'a box deleted and a wider one added',
    text: `delete element ${T} boxes { 10.0.0.0/8 . 80-90 }\nadd element ${T} boxes { 10.0.0.0/7 . 90-99 }`,
  },
  { name: 'a chain declared again gets more rules', text: `table ${T} {\n  chain a {\n    drop\n  }\n}` },
  {
    name: 'the same base chain again',
    text: `table ${T} {\n  chain forward {\n    type filter hook forward priority filter + 5; policy accept;\n  }\n}`,
  },
  {
    name: 'the same set again',
    text: `table ${T} {\n  set hash {\n    type ipv4_addr\n    elements = { 10.0.0.9 }\n  }\n}`,
  },
  {
    name: 'a map before the chain that it leads to',
    text: `table ${T} {\n  map m {\n    type ipv4_addr : verdict\n    elements = { 10.0.0.1 : goto late }\n  }\n  chain late {\n    ip saddr @after accept\n  }\n  set after {\n    type ipv4_addr\n  }\n}`,
  },
  { name: 'a chain emptied and written anew', text: `flush chain ${T} a\nadd rule ${T} a drop\n` },
  { name: 'a chain with rules deleted', text: `add chain ${T} c\nadd rule ${T} c accept\ndelete chain ${T} c` },
  {
    name: 'a set deleted after the rule that read it',
    text: `${rule('ip saddr @hash accept')}flush chain ${T} b\ndelete set ${T} hash`,
  },
  {
    name: 'a set deleted after the chain that read it',
    text: `${rule('ip saddr @hash accept')}delete chain ${T} b\ndelete set ${T} hash`,
  },
  { name: 'a map and its chain deleted together', text: `delete map ${T} pods\ndelete chain ${T} a` },
  { name: '15 chains behind the base chain, by jump', text: deepChains(15, 'jump') },
  { name: '15 chains behind the base chain, by goto', text: deepChains(15, 'goto') },
  { name: 'a name of 255 bytes', text: `add chain ${T} ${'n'.repeat(255)}` },
  { name: 'a comment of 128 bytes', text: rule(`accept comment "${'é'.repeat(64)}"`) },
  { name: 'semicolons for newlines', before: '', text: `table ${T} { chain q { counter; accept; }; }` },
  {
    name: 'a base chain by command',
    before: `add table ${T}\n`,
    text: `add chain ${T} forward { type filter hook forward priority filter + 5; policy drop; }`,
  },
  { name: 'a rule without a verdict', text: rule('ct state new') },
  { name: 'the generation rule', text: rule('ct mark & 0xfff00000 == 0xf5900000 ct state != related accept') },
  { name: 'the mark set', text: rule('ct mark set ct mark & 0x000fffff | 0xf5900000 accept') },
  { name: 'the mark set, with parentheses', text: rule('ct mark set (ct mark & 0x000fffff) | 0xf5900000 accept') },
  { name: 'states', text: rule('ct state invalid,related,untracked jump a') },
  { name: 'direction', text: rule('ct direction reply goto a') },
  { name: 'families', text: rule('meta nfproto ipv6 goto a') },
  { name: 'packet types', text: rule('meta pkttype != host jump a') },
  { name: 'the routing table', text: rule('ct state new,invalid,untracked fib daddr type broadcast jump a') },
  { name: 'neighbour discovery', text: rule('ip6 hoplimit 255 icmpv6 type 133-136 accept') },
  { name: 'one type of ICMPv6', text: rule('icmpv6 type 134 goto a') },
  { name: 'ports and a set', text: rule('tcp dport 80-90 ip saddr @hash return') },
  { name: 'SCTP ports', text: rule('sctp sport 80 return') },
  { name: 'a concatenation', text: rule('ip saddr . meta l4proto . th dport @triple return') },
  { name: 'a map', text: rule('ip daddr vmap @pods') },
  { name: 'a flow noted', text: rule(`meta l4proto { tcp, udp, sctp } update @seen { ${KEY} counter }`) },
  { name: 'a flow noted, and a verdict for what was', text: rule(`update @seen { ${KEY} counter } return`) },
  {
    name: 'a flow without ports noted',
    text: rule('meta l4proto != { icmp, tcp } update @seen { ip daddr . ip saddr . meta l4proto . 0 counter }'),
  },
  {
    name: 'pings noted',
    text: `table ${T} {\n  set pings {\n    type ipv6_addr . icmpv6_type . icmpv6_code\n    size 9\n    flags dynamic,timeout\n    timeout 60s\n  }\n}\n${rule('update @pings { ip6 saddr . icmpv6 type . icmpv6 code counter }')}`,
  },
  { name: 'reject with icmpx', text: rule('counter reject with icmpx admin-prohibited') },
  { name: 'reject with tcp reset', text: rule('meta l4proto tcp counter reject with tcp reset') },
  { name: 'numbers for protocols, hexadecimal ports', text: `add element ${T} triple { 10.0.0.1 . 132 . 0x50 }` },
  { name: 'a note beside an element', text: `add element ${T} hash { 10.0.0.3 comment "0af3", 10.0.0.4 }` },
  {
    name: 'an element that has a note is deleted by its key',
    text: `add element ${T} hash { 10.0.0.3 comment "0af3" }\ndelete element ${T} hash { 10.0.0.3 }`,
  },
  {
    name: 'a set that time empties, and a look into it',
    text: `table ${T} {\n  set alive {\n    typeof meta nfproto\n    size 8\n    flags dynamic,timeout\n    timeout 60s\n    elements = { ipv4, ipv6 }\n  }\n}\nadd rule ${T} b meta nfproto != @alive return`,
  },
  {
    name: 'everything there is of IPv6',
    text: `table ${T} {\n  set z6 {\n    type ipv6_addr . inet_proto\n    flags interval\n    elements = { ::-fcff:ffff:ffff:ffff:ffff:ffff:ffff:ffff . 0-255, fd00::/8 . tcp, fe00::/7 . 0-255 }\n  }\n}`,
  },
]

/** The interpreter and nft both refuse these. */
export const REFUSED: readonly RefusedText[] = [
  {
    name: 'a flow noted in a set that no packet fills',
    text: rule('update @triple { ip saddr . meta l4proto . th dport counter }'),
    complaint: /is no set that packets fill/,
  },
  {
    name: 'a flow noted by another key',
    text: rule('update @seen { ip saddr . meta l4proto . th dport counter }'),
    complaint: /datatype mismatch/,
  },
  {
    name: 'a set deleted that a rule notes flows in',
    text: `${rule(`update @seen { ${KEY} counter }`)}delete set ${T} seen`,
    complaint: /Device or resource busy/,
  },
  { name: 'no table', before: '', text: `flush chain ${T} a`, complaint: /table does not exist/ },
  { name: 'a table deleted twice', text: `delete table ${T}\ndelete table ${T}`, complaint: /table does not exist/ },
  { name: 'an unknown command', text: `frobnicate chain ${T} a`, complaint: /unknown command/ },
  { name: 'an unknown block', text: `table ${T} {\n  chian c {\n  }\n}`, complaint: /line 2: unknown block 'chian'/ },
  { name: 'an unknown statement', text: rule('frobnicate accept'), complaint: /unknown statement 'frobnicate'/ },
  {
    name: 'an unknown flag',
    text: `table ${T} {\n  set q {\n    type ipv4_addr\n    flags sometimes\n  }\n}`,
    complaint: /line 4: expected 'dynamic'/,
  },
  {
    name: 'an unknown type',
    text: `table ${T} {\n  set q {\n    type ipv5_addr\n  }\n}`,
    complaint: /line 3: unknown type/,
  },
  { name: 'an unknown verdict', text: rule('acept'), complaint: /unknown statement 'acept'/ },
  {
    name: 'an unknown verdict in a map',
    text: `add element ${T} pods { 10.0.0.9 : acept }`,
    complaint: /unknown verdict/,
  },
  { name: 'an unknown state', text: rule('ct state old accept'), complaint: /'old' is none of/ },
  { name: 'an unknown direction', text: rule('ct direction sideways accept'), complaint: /'sideways' is none of/ },
  { name: 'an unknown packet type', text: rule('meta pkttype unicorn accept'), complaint: /'unicorn' is none of/ },
  { name: 'a bare protocol', text: rule('udp accept'), complaint: /'accept' is no port field/ },
  { name: 'an empty rule', text: `add rule ${T} b\n`, complaint: /a rule without a statement/ },
  { name: 'a comment alone', text: rule('comment "x"'), complaint: /a rule without a statement/ },
  { name: 'a statement after the verdict', text: rule('accept counter'), complaint: /after the one that ends/ },
  { name: 'a statement after the comment', text: rule('accept comment "x" drop'), complaint: /expected a newline/ },
  {
    name: 'two closing braces on a line',
    text: `table ${T} { chain q { accept\n } }`,
    complaint: /line 2: expected a newline/,
  },
  {
    name: 'a block without an end',
    text: `table ${T} {\n  chain q {\n    accept\n  }\n`,
    complaint: /line 5: expected chain, set or map/,
  },
  { name: 'empty braces', text: `add element ${T} hash { }`, complaint: /expected an element/ },
  { name: 'an unknown chain in a rule', text: rule('jump nobody'), complaint: /no chain nobody/ },
  {
    name: 'an unknown chain in a map',
    text: `add element ${T} pods { 10.0.0.9 : goto nobody }`,
    complaint: /no chain nobody/,
  },
  { name: 'an unknown set in a rule', text: rule('ip saddr @nothing accept'), complaint: /no set nothing/ },
  {
    name: 'a set that comes in a later block',
    before: '',
    text: `table ${T} {\n  chain a {\n    ip saddr @s accept\n  }\n}\ntable ${T} {\n  set s {\n    type ipv4_addr\n  }\n}`,
    complaint: /line 3: .*no set s/,
  },
  { name: 'elements for an unknown set', text: `add element ${T} nothing { 10.0.0.1 }`, complaint: /no set nothing/ },
  { name: 'a rule for an unknown chain', text: `add rule ${T} nobody accept`, complaint: /no chain nobody/ },
  { name: 'an unknown chain flushed', text: `flush chain ${T} nobody`, complaint: /no chain nobody/ },
  { name: 'an unknown chain deleted', text: `delete chain ${T} nobody`, complaint: /no chain nobody/ },
  { name: 'an unknown set deleted', text: `delete set ${T} nothing`, complaint: /no set nothing/ },
  {
    name: 'a missing element deleted',
    text: `delete element ${T} hash { 10.0.0.9 }`,
    complaint: /no element 10.0.0.9/,
  },
  {
    name: 'an element deleted twice',
    text: `delete element ${T} hash { 10.0.0.1, 10.0.0.1 }`,
    complaint: /no element 10.0.0.1/,
  },
  {
    name: 'another verdict for a key',
    text: `add element ${T} pods { 10.0.0.1 : jump b }`,
    complaint: /another verdict/,
  },
  {
    name: 'a chain deleted that a rule leads to',
    text: `${rule('jump a')}delete element ${T} pods { 10.0.0.1 }\ndelete chain ${T} a`,
    complaint: /line 3: .*a rule of b leads to a/,
  },
  { name: 'a chain deleted that a map leads to', text: `delete chain ${T} a`, complaint: /the map pods leads to a/ },
  {
    name: 'a set deleted that a rule reads',
    text: `${rule('ip saddr @hash accept')}delete set ${T} hash`,
    complaint: /a rule of b reads hash/,
  },
  {
    name: 'a map deleted that a rule reads',
    text: `${rule('ip saddr vmap @pods')}delete map ${T} pods`,
    complaint: /a rule of b reads pods/,
  },
  {
    name: 'a box within another',
    text: `add element ${T} boxes { 10.1.0.0/16 . 80 }`,
    complaint: /conflicting intervals/,
  },
  {
    name: 'boxes of one list within each other',
    text: `add element ${T} boxes { 12.0.0.0/8 . 70-100, 12.1.0.0/16 . 80 }`,
    complaint: /conflicting intervals/,
  },
  { name: 'a reversed range', text: `add element ${T} boxes { 12.0.0.1 . 90-80 }`, complaint: /zero or negative size/ },
  { name: 'a prefix in a hash set', text: `add element ${T} hash { 12.0.0.0/24 }`, complaint: /no flag interval/ },
  { name: 'a range in a hash set', text: `add element ${T} hash { 12.0.0.0-12.0.0.9 }`, complaint: /no flag interval/ },
  { name: 'IPv4 in an IPv6 set', text: `add element ${T} hash6 { 10.0.0.1 }`, complaint: /is no ipv6_addr/ },
  { name: 'IPv6 in an IPv4 set', text: `add element ${T} hash { fd00::1 }`, complaint: /is no ipv4_addr/ },
  {
    name: 'a port beyond 65535 in a set',
    text: `add element ${T} triple { 10.0.0.1 . tcp . 70000 }`,
    complaint: /'70000' is no inet_service/,
  },
  {
    name: 'a port beyond 65535 in a rule',
    text: rule('tcp dport 70000 accept'),
    complaint: /'70000' is no inet_service/,
  },
  {
    name: 'a protocol beyond 255',
    text: `add element ${T} triple { 10.0.0.1 . 256 . 80 }`,
    complaint: /'256' is no inet_proto/,
  },
  { name: 'an unknown protocol', text: rule('meta l4proto tpc accept'), complaint: /'tpc' is no inet_proto/ },
  { name: 'a mark beyond 32 bits', text: rule('ct mark & 0xfff00000 == 0x1f5900000 accept'), complaint: /is no mark/ },
  { name: 'a hop limit beyond 255', text: rule('ip6 hoplimit 256 accept'), complaint: /'256' is no hop_limit/ },
  { name: 'a prefix that is too long', text: rule('ip saddr 10.0.0.0/33 accept'), complaint: /is no ipv4_addr/ },
  { name: 'too few fields', text: `add element ${T} triple { 10.0.0.1 . tcp }`, complaint: /2 fields/ },
  { name: 'too many fields', text: `add element ${T} hash { 10.0.0.1 . tcp }`, complaint: /2 fields/ },
  { name: 'a verdict in a set', text: `add element ${T} hash { 10.0.0.9 : accept }`, complaint: /a verdict in a set/ },
  { name: 'no verdict in a map', text: `add element ${T} pods { 10.0.0.9 }`, complaint: /without a verdict/ },
  { name: 'a set without a type', text: `table ${T} {\n  set q {\n  }\n}`, complaint: /line 2: a set without a type/ },
  {
    name: 'a set again with another type',
    text: `table ${T} {\n  set hash {\n    type ipv6_addr\n  }\n}`,
    complaint: /line 2: File exists/,
  },
  {
    name: 'a set again with other flags',
    text: `table ${T} {\n  set hash {\n    type ipv4_addr\n    flags interval\n  }\n}`,
    complaint: /File exists/,
  },
  {
    name: 'a set again as a map',
    text: `table ${T} {\n  map hash {\n    type ipv4_addr : verdict\n  }\n}`,
    complaint: /File exists/,
  },
  { name: 'a lookup of another family', text: rule('ip6 saddr @hash accept'), complaint: /datatype mismatch/ },
  {
    name: 'a lookup with other fields',
    text: rule('ip saddr . meta l4proto @boxes accept'),
    complaint: /datatype mismatch/,
  },
  { name: 'a set where a map is wanted', text: rule('ip saddr vmap @hash'), complaint: /hash is a set, not a map/ },
  {
    name: 'both families in a rule',
    text: rule('ip saddr 10.0.0.1 ip6 daddr ::1 accept'),
    complaint: /conflicting protocols/,
  },
  {
    name: 'both families in a concatenation',
    text: rule('ip saddr . ip6 daddr @boxes accept'),
    complaint: /conflicting protocols/,
  },
  {
    name: 'a field of the other family',
    text: rule('meta nfproto ipv6 ip saddr 10.0.0.1 accept'),
    complaint: /conflicting protocols/,
  },
  {
    name: 'a port of the other protocol',
    text: rule('meta l4proto udp tcp dport 80 accept'),
    complaint: /conflicting protocols/,
  },
  {
    name: 'tcp reset for UDP',
    text: rule('meta l4proto udp reject with tcp reset'),
    complaint: /tcp reset for another/,
  },
  { name: 'a jump to a base chain', text: rule('jump forward'), complaint: /forward is a base chain/ },
  {
    name: 'a base chain with another hook',
    text: `table ${T} {\n  chain forward {\n    type filter hook input priority filter + 5; policy accept;\n  }\n}`,
    complaint: /line 2: .*another hook/,
  },
  {
    name: 'a base chain with another priority',
    text: `table ${T} {\n  chain forward {\n    type filter hook forward priority filter + 6; policy accept;\n  }\n}`,
    complaint: /another hook/,
  },
  {
    name: 'a chain made a base chain',
    text: `table ${T} {\n  chain a {\n    type filter hook forward priority filter + 6; policy accept;\n  }\n}`,
    complaint: /another hook/,
  },
  {
    name: 'a loop',
    text: `add rule ${T} a jump b\n${rule('goto a')}add rule ${T} forward jump a\n`,
    complaint: /a loop forward → a → b → a/,
  },
  {
    name: 'a loop through a map',
    text: `add rule ${T} a ip saddr vmap @pods\nadd rule ${T} forward jump a\n`,
    complaint: /a loop forward → a → a/,
  },
  { name: '16 chains behind the base chain, by jump', text: deepChains(16, 'jump'), complaint: /17 chains in a row/ },
  { name: '16 chains behind the base chain, by goto', text: deepChains(16, 'goto'), complaint: /17 chains in a row/ },
  {
    name: 'reject that postrouting reaches',
    text: `${rule('reject')}table ${T} {\n  chain post {\n    type filter hook postrouting priority srcnat - 5; policy accept;\n    jump b\n  }\n}`,
    complaint: /reject at postrouting/,
  },
  { name: 'a name of 256 bytes', text: `add chain ${T} ${'n'.repeat(256)}`, complaint: /256 bytes/ },
  { name: 'a name that begins with a digit', text: `add chain ${T} 4in`, complaint: /is no name/ },
  { name: 'a name with a colon', text: `add chain ${T} in6-fd00::5`, complaint: /is no name/ },
  { name: 'a rule comment of 129 bytes', text: rule(`accept comment "${'é'.repeat(64)}x"`), complaint: /129 bytes/ },
  {
    name: 'a set comment of 129 bytes',
    text: `table ${T} {\n  set q {\n    type ipv4_addr\n    comment "${'x'.repeat(129)}"\n  }\n}`,
    complaint: /line 4: .*129 bytes/,
  },
  { name: 'a string without an end', text: rule('accept comment "x'), complaint: /a string without an end/ },
  ...['ip', 'ip6', 'tcp', 'th', 'fwd', 'drop', 'accept', 'meta', 'ct', 'mark', 'set'].map((word) => ({
    name: `the reserved word ${word} as a name`,
    text: `add chain ${T} ${word}`,
    complaint: /is a reserved word/,
  })),
]

/** nft takes these, at least the version and kernel of today; the compiler must not write them. */
export const STRICTER: readonly RefusedText[] = [
  { name: 'another table', text: 'add table inet other', complaint: /expected 'selvedge'/ },
  { name: 'another family', text: 'add table ip selvedge', complaint: /expected 'inet'/ },
  { name: 'a whole ruleset flushed', text: 'flush ruleset', complaint: /unknown command/ },
  { name: 'a set flushed', text: `flush set ${T} hash`, complaint: /unknown command/ },
  { name: 'an anonymous set with a range', text: rule('tcp dport { 80-90, 100 } accept'), complaint: /a range in an/ },
  {
    name: 'a match behind a statement that writes',
    text: rule(`update @seen { ${KEY} counter } tcp dport 80`),
    complaint: /no verdict after a statement that writes/,
  },
  { name: 'a packet mark', text: rule('meta mark set 1'), complaint: /'mark' is none of/ },
  { name: 'a group of interfaces', text: rule('iifgroup 1 accept'), complaint: /unknown statement 'iifgroup'/ },
  {
    name: 'an interface without quotes',
    text: rule('iifname cni0 accept'),
    complaint: /the name of a device in quotes/,
  },
  { name: 'a limit', text: rule('limit rate 10/second accept'), complaint: /unknown statement 'limit'/ },
  { name: 'a log', text: rule('log group 1'), complaint: /unknown statement 'log'/ },
  { name: 'a service by name', text: rule('tcp dport ssh accept'), complaint: /'ssh' is no inet_service/ },
  {
    name: 'another chain type',
    text: `add chain ${T} n { type nat hook prerouting priority dstnat; policy accept; }`,
    complaint: /expected 'filter'/,
  },
  {
    name: 'a hook without a policy',
    text: `add chain ${T} n { type filter hook forward priority 9; }`,
    complaint: /expected 'policy'/,
  },
  {
    name: 'a set with a size alone',
    text: `table ${T} {\n  set q {\n    type ipv4_addr\n    size 10\n  }\n}`,
    complaint: /has the flags dynamic and timeout/,
  },
  {
    name: 'auto-merge',
    text: `table ${T} {\n  set q {\n    type ipv4_addr\n    flags interval\n    auto-merge\n  }\n}`,
    complaint: /'auto-merge' is none of/,
  },
  {
    name: 'a type by another expression than ours',
    text: `table ${T} {\n  set q {\n    typeof ip daddr\n  }\n}`,
    complaint: /unknown expression 'ip daddr'/,
  },
  { name: 'a statement after a map', text: rule('ip saddr vmap @pods counter'), complaint: /after the one that ends/ },
  { name: 'a map where a set is wanted', text: rule('ip saddr @pods accept'), complaint: /pods is a map, not a set/ },
  { name: '!= with two states', text: rule('ct state != new,established accept'), complaint: /more than one state/ },
  {
    name: 'one box twice',
    text: `add element ${T} boxes { 10.0.0.0/8 . 80-90 }`,
    complaint: /already in the interval set/,
  },
  {
    name: 'a box that is wider in one field',
    text: `add element ${T} boxes { 10.1.0.0/16 . 70-100 }`,
    complaint: /conflicting intervals/,
  },
  {
    name: 'a missing box deleted: the kernel deletes the box that holds its first corner',
    text: `delete element ${T} boxes { 10.0.0.0/9 . 80-90 }`,
    complaint: /no element/,
  },
  {
    name: 'bits beyond a prefix',
    text: `add element ${T} boxes { 12.1.2.3/8 . 80 }`,
    complaint: /bits beyond its prefix/,
  },
  { name: 'a range of one', text: `add element ${T} boxes { 12.1.2.3 . 80-80 }`, complaint: /zero or negative size/ },
  { name: 'a map deleted as a set', text: `delete set ${T} pods`, complaint: /pods is a map, not a set/ },
  {
    name: 'a map element deleted with its verdict',
    text: `delete element ${T} pods { 10.0.0.1 : jump a }`,
    complaint: /by its key alone/,
  },
  {
    name: 'a chain twice in a block',
    text: `table ${T} {\n  chain q {\n  }\n  chain q {\n  }\n}`,
    complaint: /line 4: .*stands twice/,
  },
  { name: 'a loop that nobody reaches', text: rule('jump b'), complaint: /a loop b → b/ },
  { name: 'the word counters as a name', text: `add chain ${T} counters`, complaint: /is a reserved word/ },
]
