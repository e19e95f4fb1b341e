import type { Probe } from './probe.ts'

const FIRST = 1024
const LAST = 65535

/** Hands out source ports (ICMP: identifiers) so that a source uses none twice before it has used them all. */
export function createSourcePorts(): (fromAddress: string, protocol: Probe['protocol']) => number {
  const next = new Map<string, number>()
  return (fromAddress, protocol) => {
    const key = `${fromAddress} ${protocol}`
    const port = next.get(key) ?? FIRST
    next.set(key, port === LAST ? FIRST : port + 1)
    return port
  }
}
