import fc from 'fast-check'
import { ADDRESSES, PORTS } from './kernel-flights.ts'

const CHAINS = ['c-0', 'c-1', 'c-2', 'c-3'] as const

const addresses = fc.constantFrom(...ADDRESSES)
const ports = fc.constantFrom(...PORTS)
const portRanges = fc.constantFrom('4000-4001', '4001-4002', '4002-4003', '20000-24999')

const matches = fc.oneof(
  fc.constant(''),
  ports.map((port) => `udp dport ${port}`),
  ports.map((port) => `udp sport ${port}`),
  portRanges.map((range) => `udp sport != ${range}`),
  portRanges.map((range) => `th dport ${range}`),
  ports.map((port) => `tcp dport != ${port}`),
  addresses.map((address) => `${address.includes(':') ? 'ip6' : 'ip'} daddr ${address}`),
  addresses.map((address) => `${address.includes(':') ? 'ip6' : 'ip'} saddr != ${address}`),
  fc.constantFrom('ip daddr 127.0.0.0/30', 'ip daddr 127.0.0.2-127.0.0.5', 'ip6 daddr ::/0', 'ip6 hoplimit 64'),
  fc.constantFrom('meta nfproto ipv4', 'meta nfproto ipv6', 'meta l4proto udp', 'meta l4proto != 17'),
  fc.constantFrom('ct state new', 'ct state established,untracked', 'ct state != new', 'ct direction reply'),
  fc.constantFrom('ct mark 0', 'ct mark & 0xf0 == 0x10', 'ct mark & 0xf0 != 0x10', 'ct direction original'),
  fc.constantFrom('ip daddr @hash4', 'ip saddr @hash4', 'ip6 daddr @hash6'),
  fc.constantFrom('ip daddr . ip protocol . th dport @triple4', 'ip saddr . meta l4proto . th sport @triple4'),
  fc.constantFrom('ip daddr . ip protocol @whole4', 'ip daddr . ip protocol . th dport @boxes4'),
)

/** Chains lead to later ones only, so there is no loop. */
function verdicts(from: number): fc.Arbitrary<string> {
  const later = CHAINS.slice(from)
  const ends = fc.constantFrom('accept', 'drop', 'return', 'counter', 'reject', 'ct mark set 0x10')
  const marks = fc.constantFrom('ct mark set ct mark | 0x11', 'ct mark set ct mark & 0x0f | 0x10 accept')
  const maps =
    later.length === CHAINS.length
      ? [
          fc.constantFrom(
            'ip daddr vmap @pods4',
            'meta l4proto . th dport vmap @ports',
            'ip protocol . th dport vmap @ports',
          ),
        ]
      : []
  if (later.length === 0) return fc.oneof(ends, marks)
  const leads = fc.tuple(fc.constantFrom('jump', 'goto'), fc.constantFrom(...later)).map((words) => words.join(' '))
  return fc.oneof(ends, marks, { arbitrary: leads, weight: 3 }, ...maps)
}

function rules(from: number): fc.Arbitrary<readonly string[]> {
  const rule = fc.tuple(matches, verdicts(from)).map(([match, verdict]) => fitting(match, verdict))
  return fc.array(rule, { maxLength: 5 })
}

/** A rule may not ask for both families. */
function fitting(match: string, verdict: string): string {
  const six = /ip6|ipv6/.test(match)
  return `${six && verdict.startsWith('ip ') ? '' : match} ${verdict}`.trim()
}

function elements<Item>(items: readonly Item[], text: (item: Item) => string): fc.Arbitrary<string> {
  return fc.subarray([...items]).map((chosen) => {
    return chosen.length === 0 ? '' : `elements = { ${chosen.map(text).join(', ')} }`
  })
}

const sets = fc
  .tuple(
    elements(['127.0.0.1', '127.0.0.2', '127.0.0.5'], (address) => address),
    elements(['::1', '::2'], (address) => address),
    elements(['127.0.0.1 . udp . 4000', '127.0.0.2 . 17 . 4001', '127.0.0.5 . tcp . 4002'], (triple) => triple),
    elements(['127.0.0.0-127.0.0.1 . 0-255', '127.0.0.2 . udp', '127.0.0.4/30 . tcp'], (box) => box),
    elements(['127.0.0.0/31 . udp . 4000-4001', '127.0.0.2-127.0.0.9 . udp . 4001-4002'], (box) => box),
  )
  .map(([hash4, hash6, triple4, whole4, boxes4]) =>
    [
      `set hash4 {\ntype ipv4_addr\n${hash4}\n}`,
      `set hash6 {\ntype ipv6_addr\n${hash6}\n}`,
      `set triple4 {\ntype ipv4_addr . inet_proto . inet_service\n${triple4}\n}`,
      `set whole4 {\ntype ipv4_addr . inet_proto\nflags interval\n${whole4}\n}`,
      `set boxes4 {\ntype ipv4_addr . inet_proto . inet_service\nflags interval\n${boxes4}\n}`,
    ].join('\n'),
  )

const elementVerdicts = fc.constantFrom(
  'accept',
  'drop',
  'return',
  ...CHAINS.flatMap((name) => [`jump ${name}`, `goto ${name}`]),
)

const maps = fc
  .tuple(elementVerdicts, elementVerdicts, elementVerdicts, elementVerdicts)
  .map(([a, b, c, d]) =>
    [
      `map pods4 {\ntype ipv4_addr : verdict\nelements = { 127.0.0.1 : ${a}, 127.0.0.5 : ${b} }\n}`,
      `map ports {\ntype inet_proto . inet_service : verdict\nflags interval\nelements = { udp . 4000 : ${c}, udp . 4002-4003 : ${d} }\n}`,
    ].join('\n'),
  )

/** Random tables whose base chain stands at the output hook. */
export function outputRulesets(): fc.Arbitrary<string> {
  const policy = fc.constantFrom('accept', 'drop')
  const bodies = fc.tuple(rules(0), rules(1), rules(2), rules(3), rules(4))
  return fc.tuple(policy, bodies, sets, maps).map(([word, [base, ...others], setText, mapText]) => {
    const hook = `type filter hook output priority filter + 5; policy ${word};`
    const chains = others.map((lines, index) => `chain ${CHAINS[index] ?? ''} {\n${lines.join('\n')}\n}`)
    const body = [`chain forward {\n${[hook, ...base].join('\n')}\n}`, ...chains, setText, mapText].join('\n')
    return `table inet selvedge {\n${body}\n}\n`
  })
}
