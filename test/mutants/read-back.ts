import { deepStrictEqual, notDeepStrictEqual, ok } from 'node:assert'
import { spawnSync } from 'node:child_process'
import { DEFAULT_OPTIONS, generationMark } from '../../compiler/nftables/options.ts'
import { readRuleset } from '../../compiler/nftables/read-ruleset.ts'
import type { ChainValue, Ruleset, SetValue } from '../../compiler/nftables/ruleset.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { generationChains } from '../../compiler/nftables/static-chains.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'

const GENERATION = 5

/** Every kind of set, element and rule that there is: groups, blocks, ranges of ports, a dispatch, both families. */
const SCENE = clusterOf(
  pod('shop/web', '10.244.1.1 fd44:0:0:1::1', { labels: { app: 'web' } }),
  pod('shop/db', '10.244.1.2 fd44:0:0:1::2', { labels: { app: 'db' } }),
  pod('shop/one', '10.244.1.3 fd44:0:0:1::3', { labels: { app: 'one' } }),
  policy('shop/web', {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.9.0.0/24'] } }, { ipBlock: { cidr: 'fd00::/16' } }] },
      { from: [{ podSelector: { matchLabels: { app: 'one' } } }], ports: [{ port: 80, endPort: 90 }] },
      { ports: [{ protocol: 'UDP', port: 53 }] },
    ],
    egress: [{ to: [{ podSelector: { matchLabels: { app: 'db' } } }], ports: [{ protocol: 'SCTP', port: 7 }] }],
  }),
  policy('shop/db', {
    podSelector: { matchLabels: { app: 'db' } },
    ingress: Array.from({ length: 9 }, (_, index) => ({
      from: [{ podSelector: { matchLabels: { app: index % 2 === 0 ? 'one' : 'web' } } }],
      ports: [{ port: 1_000 + 10 * index }],
    })),
  }),
)

/** What hundreds of grants are merged into; so many would only take time here. */
const MERGED: SetValue = {
  kind: 'set',
  name: 'y4-merged',
  type: ['ipv4_addr', 'inet_proto', 'inet_service'],
  interval: true,
  comment: undefined,
  elements: new Set(['10.0.0.0/8 . tcp . 80-90', '10.1.1.1 . udp . 53', '192.0.2.0/24 . sctp . 7']),
}

/** One thing in a line becomes another one that nft takes as well; the reader must not take them for the same. */
const CHANGES: readonly (readonly [RegExp, string])[] = [
  [/ jump /, ' goto '],
  [/ goto /, ' jump '],
  [/ accept$/, ' drop'],
  [/ drop$/, ' accept'],
  [/counter drop/, 'drop'],
  [/ return$/, ' accept'],
  [/ saddr /, ' daddr '],
  [/ daddr /, ' saddr '],
  [/ != /, ' '],
  [/l4proto tcp/, 'l4proto udp'],
  [/\btcp\b/, 'udp'],
  [/\budp\b/, 'tcp'],
  [/\bsctp\b/, 'tcp'],
  [/dport (\d)/, 'dport 1$1'],
  [/(\d+)-(\d+)/, '$1-6$2'],
  [/\/8\b/, '/9'],
  [/\/10\b/, '/11'],
  [/\/16\b/, '/17'],
  [/\/24\b/, '/25'],
  [/state != new/, 'state != established'],
  [/state != new/, 'state new'],
  [/state invalid/, 'state related'],
  [/direction reply/, 'direction original'],
  [/status dnat/, 'status snat'],
  [/policy accept/, 'policy drop'],
  [/priority filter \+ 5/, 'priority filter + 6'],
  [/hook forward/, 'hook output'],
  [/ct mark & 0xfff00000/, 'ct mark & 0x7ff00000'],
  [/set ct mark & 0x000fffff/, 'set ct mark & 0x0000ffff'],
  [/0x00500000/, '0x00600000'],
  [/hoplimit 255/, 'hoplimit 254'],
  [/type 133-136/, 'type 133-137'],
  [/type 143/, 'type 142'],
  [/type broadcast/, 'type multicast'],
  [/fib daddr type/, 'fib saddr type'],
  [/pkttype != host/, 'pkttype != broadcast'],
  [/nfproto ipv4/, 'nfproto ipv6'],
  [/& 0\.0\.0\.3 == 0\.0\.0\.3/, '& 0.0.0.3 == 0.0.0.2'],
  [/(10\.244\.1\.)1\b/, '$17'],
  [/fd44:0:0:1::1\b/, 'fd44:0:0:1::7'],
  [/@iso4/, '@self4'],
  [/vmap @eg4\b/, 'vmap @in4'],
  [/(accept|drop)$/, 'log prefix "x" $1'],
  [/^( *counter drop)$/, '    log prefix "x"\n$1'],
  [/$/, ' comment "not ours"'],
]

const LEAST_CHANGES = 40

/** What nft lists of a table reads as what was written, and of a table with one thing changed as something else. */
export function readsBack(): void {
  const { sets, chains } = engineOf(SCENE).ruleset()
  const ruleset: Ruleset = { sets: new Map([...sets, [MERGED.name, MERGED]]), chains }
  const text = rulesetText(ruleset, DEFAULT_OPTIONS, GENERATION)
  const written = {
    mark: generationMark(GENERATION, DEFAULT_OPTIONS.markMask),
    ...described(ruleset),
  }
  for (const chain of generationChains(DEFAULT_OPTIONS, GENERATION)) written.chains[chain.name] = describedChain(chain)
  const read = readBack(text)
  deepStrictEqual(read, written)
  deepStrictEqual(readBack(text, asNft102), written)
  let loaded = 0
  const lines = text.split('\n')
  // A map's declaration may name any field of the type.
  for (const [pattern, other] of CHANGES) {
    const places = [...lines.keys()].filter(
      (at) => pattern.test(lines[at] ?? '') && !/[{}]$|^$|^ *typeof/.test(lines[at] ?? ''),
    )
    const hooked = lines.findIndex((line) => pattern.test(line) && line.includes('type filter hook'))
    for (const at of new Set([places[0], places.at(-1), hooked])) {
      if (at === undefined || at < 0) continue
      const changed = lines.with(at, (lines[at] ?? '').replace(pattern, other))
      const found = readBack(changed.join('\n'))
      if (found === undefined) continue
      loaded += 1
      if (other.startsWith(' comment')) deepStrictEqual(found, read)
      else notDeepStrictEqual(found, read, `reads as ours: ${changed[at]}`)
    }
  }
  ok(loaded >= LEAST_CHANGES, `only ${loaded} changed tables were taken by nft`)
}

/** nft 1.0.2 takes maps that are declared by example for maps without verdicts, and lists them and their look-ups so. */
function asNft102(listing: string): string {
  return listing.replaceAll('"map": "verdict"', '"map": "invalid"').replaceAll('{"vmap": {', '{"map": {')
}

/** Loads it into a network namespace that is gone afterwards; undefined when nft does not take it. */
function readBack(text: string, respell = (listing: string) => listing) {
  const script = 'nft -f - && nft -j list table inet selvedge'
  const options = { input: text, encoding: 'utf8', timeout: 20_000, maxBuffer: 1 << 26 } as const
  const { status, stdout } = spawnSync('unshare', ['--map-root-user', '--net', 'sh', '-c', script], options)
  if (status !== 0) return undefined
  const standing = readRuleset(JSON.parse(respell(stdout)))
  return standing && { mark: standing.mark, ...described(standing.ruleset) }
}

function described({ sets, chains }: Ruleset) {
  const ofSets = [...sets.values()].map(({ name, kind, type, interval, elements }) => {
    return [name, { kind, type, interval, elements: [...elements].sort() }] as const
  })
  return {
    sets: Object.fromEntries(ofSets),
    chains: Object.fromEntries([...chains.values()].map((chain) => [chain.name, describedChain(chain)])),
  }
}

function describedChain({ hook, rules }: ChainValue) {
  return { hook, rules: rules.map(({ text }) => text) }
}
