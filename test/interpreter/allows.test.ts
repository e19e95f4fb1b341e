import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { allows, allowsReply, applyTransaction, type Connection, createTable, runPacket } from './interpreter.ts'
import { makeIcmpv6, makePacket, NEW } from './make-packet.ts'

const web = '10.244.1.5'
const db = '10.244.1.6'
const db2 = '10.244.1.7'
const outside = '192.0.2.1'
const other = '10.0.0.8'

const table = createTable()
beforeAll(() => applyTransaction(table, readFileSync(`${import.meta.dirname}/sample.nft`, 'utf8')))

function tcp(source: string, destination: string, destinationPort: number): Connection {
  return { family: 'IPv4', source, destination, protocol: 6, sourcePort: 40000, destinationPort }
}

// web may reach DNS anywhere and the port `pg` of the databases; these admit web on 5432-5440, and all but 10.0.0.0/8.
test.each([
  ['web to the port name of db', tcp(web, db, 5432), true],
  ['web to the port name of db2', tcp(web, db2, 5433), true],
  ['web to the number that db2 has, on db', tcp(web, db, 5433), false],
  ['web to another port of db', tcp(web, db, 80), false],
  ['web to DNS outside', { ...tcp(web, outside, 53), protocol: 17 }, true],
  ['web to the same port over TCP', tcp(web, outside, 53), false],
  ['outside to db', tcp(outside, db, 22), true],
  ['another pod to db', tcp(other, db, 5432), false],
  ['another pod to web, which no ingress policy selects', tcp(other, web, 80), true],
  ['db to itself', tcp(db, db, 80), true],
  ['two addresses that are nobody’s', tcp(outside, other, 80), true],
  ['web to DNS over IPv6', { ...tcp('fd00::5', '2001:db8::1', 53), family: 'IPv6', protocol: 17 }, true],
  ['web to another port over IPv6', { ...tcp('fd00::5', '2001:db8::1', 54), family: 'IPv6', protocol: 17 }, false],
] as const)('%s', (_, connection, expected) => {
  expect(allows(table, connection)).toBe(expected)
  expect(allowsReply(table, connection)).toBe(expected)
})

test('an allowed connection carries the generation, and passes by it afterwards', () => {
  const packet = makePacket({ source: web, destination: db, destinationPort: 5432 })
  expect(runPacket(table, packet, { ...NEW, mark: 0xabcd })).toEqual({
    verdict: 'accept',
    mark: 0xf590abcd,
    chain: 'allow',
    recorded: [],
  })
  const denied = { ...packet, destinationPort: 80 }
  expect(runPacket(table, denied, { ...NEW, state: 'established', mark: 0xf590abcd }).chain).toBe('forward')
  expect(runPacket(table, denied, { ...NEW, state: 'related', mark: 0xf590abcd }).verdict).toBe('drop')
})

test('what is not said by addresses: invalid, broadcast, neighbour discovery', () => {
  const packet = makePacket({ source: other, destination: db })
  const lost = { state: 'invalid', direction: undefined, mark: 0 } as const
  expect(runPacket(table, packet, lost)).toEqual({
    verdict: 'drop',
    mark: 0,
    chain: 'refuse-silently',
    recorded: [],
  })
  expect(runPacket(table, { ...packet, packetType: 'broadcast' }, NEW).chain).toBe('refuse-silently')
  expect(runPacket(table, makeIcmpv6(135, 255), NEW).chain).toBe('neighbours')
})

test('an untracked answer is judged as a request and as a reply', () => {
  const untracked = { state: 'untracked', direction: undefined, mark: 0 } as const
  const answer = { ...makePacket({ source: db, destination: web, sourcePort: 5432 }), destinationPort: 40000 }
  expect(runPacket(table, answer, untracked).verdict).toBe('accept')
  // Not allowed as a request; an answer to db, whose egress is open.
  const foreign = { ...answer, source: other, destination: db }
  expect(runPacket(table, foreign, NEW).verdict).toBe('drop')
  expect(runPacket(table, foreign, untracked).verdict).toBe('accept')
})

test('a ping is asked and answered by its own types', () => {
  const guarded = createTable()
  const rules = 'icmpv6 type 128 ct direction original accept\nicmpv6 type 129 ct direction reply accept'
  const hook = 'type filter hook forward priority 5; policy drop;'
  applyTransaction(guarded, `table inet selvedge {\nchain forward {\n${hook}\n${rules}\n}\n}\n`)
  const ping: Connection = { family: 'IPv6', source: 'fd00::1', destination: 'fd00::2', protocol: 58, icmpv6Type: 128 }
  expect([allows(guarded, ping), allowsReply(guarded, ping)]).toEqual([true, true])
  expect(allows(guarded, { ...ping, icmpv6Type: 129 })).toBe(false)
})
