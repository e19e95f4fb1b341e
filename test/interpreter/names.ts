import { Buffer } from 'node:buffer'
import type { Cursor } from './cursor.ts'

/** Words that nft 1.0.6 refuses as the name of a chain or set: found by trying each. */
const REFUSED = `
  accept add ah all and arp auto-merge bridge cgroup chain comment comp constant continue counter cpu create ct day
  dccp define delete describe device devices dnat drop dst dup dynamic ecn element elements eq esp ether exists export
  exthdr fib flags flow flowtable flush frag fwd gc-interval ge get goto gt handle hbh hook hour ibriport ibrname icmp
  icmpv6 igmp iif iifgroup iifname iiftype import include index inet insert interval ip ip6 ipsec jhash jump le limit
  list log lshift lt map mark masquerade meta mh missing monitor ne netdev nftrace not notrack numgen obriport obrname
  oif oifgroup oifname oiftype or osf pkttype policy position priority queue quota random redefine redirect reject
  rename replace reset return rshift rt rt0 rt2 rtclassid rule ruleset sctp secmark set size skgid skuid snat socket
  srh symhash synproxy table tcp th time timeout tproxy type typeof udp udplite undefine update vlan vmap xor`

/** Words of its grammar that other places or versions keep for themselves. */
const AVOIDED = `
  chains counters destroy gre gretap geneve hoplimit last limits maps persist quotas rules saddr daddr sport
  dport sets state direction tables vxlan xt`

const RESERVED: ReadonlySet<string> = new Set(`${REFUSED} ${AVOIDED}`.trim().split(/\s+/))

/** NFT_NAME_MAXLEN less the terminating zero. */
const LONGEST_NAME = 255

/** NFTNL_UDATA_COMMENT_MAXLEN. */
const LONGEST_COMMENT = 128

/** Reads the name of a chain, set or map and checks that every supported nft takes it. */
export function readName(cursor: Cursor, what: string): string {
  const { line } = cursor.peek()
  const name = cursor.word(`the name of a ${what}`)
  if (!/^[A-Za-z_.][A-Za-z0-9/\-_.]*$/.test(name)) throw cursor.error(`'${name}' is no name of a ${what}`, line)
  if (RESERVED.has(name)) throw cursor.error(`'${name}' is a reserved word`, line)
  if (name.length > LONGEST_NAME) throw cursor.error(`a name of ${name.length} bytes, more than ${LONGEST_NAME}`, line)
  return name
}

/** Reads the string after the word `comment`. */
export function readComment(cursor: Cursor): string {
  const { line } = cursor.peek()
  const comment = cursor.string('a comment in quotes')
  const bytes = Buffer.byteLength(comment)
  if (bytes > LONGEST_COMMENT) throw cursor.error(`a comment of ${bytes} bytes, more than ${LONGEST_COMMENT}`, line)
  return comment
}
