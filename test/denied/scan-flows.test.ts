import { expect, test } from 'vitest'
import { scanFlows } from '../../compiler/flows/scan-flows.ts'
import { formatAddress } from '../../compiler/addresses/format-address.ts'
import { flowRecord } from './flow-record.ts'

/** So many ports of one address, asked by one source. */
const asked = (source: string, count: number, destination = '10.0.9.9') =>
  Array.from({ length: count }, (_, index) => flowRecord(source, destination, { protocol: 'TCP', port: 1000 + index }))

const sources = (flows: ReturnType<typeof scanFlows>) => [...new Set(flows.map(({ source }) => formatAddress(source)))]

test('while a set is no more than half full, nobody is folded, however many flows they have', () => {
  expect(scanFlows(asked('10.0.0.1', 2048))).toEqual([])
})

test('past that, who has more than 256 is, with all of them, and nobody else', () => {
  const flows = [...asked('10.0.0.1', 1793), ...asked('10.0.0.2', 256), ...asked('10.0.0.3', 257, '10.0.9.8')]
  const folded = scanFlows(flows)
  expect(sources(folded)).toEqual(['10.0.0.1', '10.0.0.3'])
  expect(folded).toHaveLength(1793 + 257)
})

test('each set by itself: the other family, pings, and what was allowed, have room of their own', () => {
  const many = asked('10.0.0.1', 2049)
  const allowed = asked('10.0.0.1', 400).map((flow) => ({ ...flow, fate: 'allowed' as const }))
  const pings = asked('10.0.0.1', 400).map((flow) => ({
    ...flow,
    carries: { protocol: 'ICMP' as const, type: 8, code: 0 },
  }))
  const other = asked('fd00::1', 400, 'fd00::9')
  expect(scanFlows([...many, ...allowed, ...pings, ...other])).toEqual(many)
  const morePings = Array.from({ length: 513 }, (_, index) =>
    flowRecord('10.0.0.1', `10.1.${index >> 8}.${index & 255}`, { protocol: 'ICMP', type: 8, code: 0 }),
  )
  expect(scanFlows(morePings)).toEqual(morePings)
})
