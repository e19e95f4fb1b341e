import type { GrantPorts } from '../graph/grants.ts'
import { PROTOCOLS, type Protocol } from '../objects/protocol.ts'
import { isPortChainName } from './names.ts'
import { isLookup } from './rule-value.ts'
import type { ChainValue, RuleValue, SetValue } from './ruleset.ts'

/** What a rule of a class lets pass, and counts: by the kind of its peers, and by ports where it speaks of few. */
export interface Covers {
  readonly chain: string
  /** Its place in the chain. */
  readonly index: number
  readonly peers: 'anyone' | 'groups' | 'blocks' | 'several'
  /** Undefined: of several grants, which its set alone tells. */
  readonly ports: readonly GrantPorts[] | undefined
}

/** The rules that grant among the chains of a class; `sets`: those whose content is in the grants. */
export function classCovers(chains: readonly ChainValue[], sets: readonly SetValue[]): readonly Covers[] {
  return chains.flatMap((chain) =>
    chain.rules.flatMap((rule, index) => (grants(rule) ? [coversOf(chain.name, index, rule, sets)] : [])),
  )
}

/** No other rules of a class count. */
function grants({ statements }: RuleValue): boolean {
  return statements.some((one) => typeof one === 'string' && /\bcounter\b/.test(one))
}

function coversOf(chain: string, index: number, { statements }: RuleValue, sets: readonly SetValue[]): Covers {
  const [first] = statements
  const text = typeof first === 'string' ? first : ''
  const name = statements.find(isLookup)?.name
  // Behind a verdict map, which knows the ports.
  const ports = isPortChainName(chain) ? portsLeadingTo(chain, sets) : [portsOf(text)]
  switch (name?.[0]) {
    case undefined:
      return { chain, index, peers: / [sd]addr /.test(` ${text}`) ? 'blocks' : 'anyone', ports }
    case 'p':
      return { chain, index, peers: 'groups', ports }
    case 'b':
    case 'z':
      return { chain, index, peers: 'blocks', ports: undefined }
    case 't':
      return { chain, index, peers: 'anyone', ports: undefined }
    default:
      return { chain, index, peers: 'several', ports: undefined }
  }
}

/** How a rule begins: `tcp dport 80-90`, `meta l4proto tcp`, or with neither. */
function portsOf(text: string): GrantPorts {
  const [, ofPorts, from, to] = /^(\w+) [sd]port (\d+)(?:-(\d+))?/.exec(text) ?? []
  const range = ofPorts === undefined ? undefined : protocolOf(ofPorts)
  if (range !== undefined) return { kind: 'range', protocol: range, from: Number(from), to: Number(to ?? from) }
  const whole = protocolOf(/^meta l4proto (\w+)/.exec(text)?.[1] ?? '')
  return whole === undefined ? { kind: 'any' } : { kind: 'protocol', protocol: whole }
}

/** `tcp . 8001 : goto f4-…`. */
function portsLeadingTo(chain: string, sets: readonly SetValue[]): readonly GrantPorts[] {
  return sets.flatMap(({ targets = new Map() }) =>
    [...targets].flatMap(([key, jump]): GrantPorts[] => {
      const [word = '', ports = ''] = key.split(' . ')
      const [from = '', to = from] = ports.split('-')
      const protocol = protocolOf(word)
      return jump.chain !== chain || protocol === undefined
        ? []
        : [{ kind: 'range', protocol, from: Number(from), to: Number(to) }]
    }),
  )
}

function protocolOf(word: string): Protocol | undefined {
  return PROTOCOLS.find((protocol) => protocol.toLowerCase() === word)
}
