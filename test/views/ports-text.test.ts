import { expect, test } from 'vitest'
import type { Family } from '../../compiler/addresses/address.ts'
import { PROTOCOLS } from '../../compiler/objects/protocol.ts'
import { edgesBetween } from '../../compiler/reach/edge.ts'
import { EVERY_PORT, NO_PORT, type PortSet, portSetOfTexts, subtractPortSets } from '../../compiler/reach/port-set.ts'
import { portsText } from '../../src/views/edge-lines.ts'

const HTTPS = portSetOfTexts([{ protocol: 'TCP', ports: '443' }])
const DNS = portSetOfTexts([{ protocol: 'UDP', ports: '53' }])
const WEB = portSetOfTexts([
  { protocol: 'TCP', ports: '80' },
  { protocol: 'TCP', ports: '443' },
  { protocol: 'UDP', ports: '53' },
])
const NAMED = portSetOfTexts(PROTOCOLS.map((protocol) => ({ protocol, ports: '*' })))

function textOf(...sets: readonly (readonly [Family, PortSet])[]): string {
  return portsText(edgesBetween('a', 'b', new Map(sets)))
}

test.each([
  ['everything', EVERY_PORT],
  ['', NO_PORT],
  ['TCP 80, 443; UDP 53', WEB],
  ['everything but TCP 443', subtractPortSets(EVERY_PORT, HTTPS)],
  ['everything but TCP 80, 443 and UDP 53', subtractPortSets(EVERY_PORT, WEB)],
  ['TCP all ports; UDP all ports; SCTP all ports', NAMED],
  ['other protocols', subtractPortSets(EVERY_PORT, NAMED)],
])('%s', (text, set) => {
  expect(textOf(['IPv4', set])).toBe(text)
  expect(textOf(['IPv4', set], ['IPv6', set])).toBe(text)
})

test('families that differ are told apart, and what both have is told once', () => {
  expect(textOf(['IPv4', HTTPS], ['IPv6', NO_PORT])).toBe('TCP 443 (IPv4 only)')
  expect(textOf(['IPv4', WEB], ['IPv6', DNS])).toBe('UDP 53; TCP 80, 443 (IPv4 only)')
  expect(textOf(['IPv4', EVERY_PORT], ['IPv6', subtractPortSets(EVERY_PORT, WEB)])).toBe(
    'everything (IPv4 only); everything but TCP 80, 443 and UDP 53 (IPv6 only)',
  )
})
