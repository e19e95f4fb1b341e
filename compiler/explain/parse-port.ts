import type { Transport } from '../graph/judge.ts'
import { nearestWord } from '../objects/did-you-mean.ts'
import { checkPortName } from '../objects/name-syntax.ts'
import { type Protocol, PROTOCOLS } from '../objects/protocol.ts'
import { quote } from '../objects/quote.ts'

/** What a person asks for as port: a number, a name that the destination resolves, or ICMP, which has none. */
export type AskedPort =
  | { readonly kind: 'number'; readonly protocol: Protocol; readonly number: number }
  | { readonly kind: 'name'; readonly protocol: Protocol; readonly name: string }
  | { readonly kind: 'icmp' }

export interface PortProblem {
  readonly kind: 'problem'
  readonly problem: string
  readonly hint: string
}

/** `8080`, `http`, `53/UDP`, `icmp`; the protocol is TCP unless it says otherwise. */
export function parsePort(text: string): AskedPort | PortProblem {
  if (text.toLowerCase() === 'icmp') return { kind: 'icmp' }
  const [port = '', written = 'TCP', ...rest] = text.split('/')
  const protocol = PROTOCOLS.find((known) => known === written.toUpperCase())
  if (protocol === undefined || rest.length > 0) {
    const near = nearestWord(written.toUpperCase(), PROTOCOLS)
    const hint = near === undefined ? 'write PORT/TCP, PORT/UDP, PORT/SCTP, or icmp' : `did you mean ${port}/${near}?`
    return { kind: 'problem', problem: `${quote(text)} names no protocol of ports`, hint }
  }
  if (/^\d+$/.test(port)) {
    const number = Number(port)
    if (number >= 1 && number <= 65535) return { kind: 'number', protocol, number }
    return { kind: 'problem', problem: `port ${quote(port)} is not between 1 and 65535`, hint: '' }
  }
  const [problem] = checkPortName(port)
  if (problem === undefined) return { kind: 'name', protocol, name: port }
  return { kind: 'problem', problem: `${quote(port)} is neither a port number nor a port name`, hint: problem }
}

/** As the hook sees it. */
export function transportOf(port: Exclude<AskedPort, { kind: 'name' }>): Transport {
  return port.kind === 'icmp' ? { protocol: 'other' } : { protocol: port.protocol, port: port.number }
}
