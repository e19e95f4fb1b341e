import { expect, test } from 'vitest'
import { formatAddress } from '../../compiler/addresses/format-address.ts'
import type { RecordedKind } from '../../compiler/nftables/recorded-sets.ts'
import { readRecords } from '../../compiler/nftables/read-records.ts'

const listed = (...elem: readonly unknown[]) => ({ nftables: [{ metainfo: {} }, { set: { timeout: 3600, elem } }] })
const element = (val: unknown, packets = 3, expires = 3590) => ({
  elem: { val, expires, counter: { packets, bytes: 60 } },
})
const ends = (...rest: readonly unknown[]) => ({ concat: ['10.0.0.1', '10.0.0.2', ...rest] })

const flowsOf = (kind: RecordedKind, ...elem: readonly unknown[]) => readRecords(listed(...elem), kind, 'denied').flows

test('a flow has its ends, its port, its packets, and how long ago the last one was', () => {
  const [flow, ...others] = flowsOf('flows', element(ends(6, 5432)))
  expect(others).toEqual([])
  expect(flow && [formatAddress(flow.source), formatAddress(flow.destination)]).toEqual(['10.0.0.1', '10.0.0.2'])
  expect(flow).toMatchObject({ carries: { protocol: 'TCP', port: 5432 }, directed: true, packets: 3, age: 10 })
})

test('protocols by number, ICMP by type and code, untracked ones without a direction', () => {
  expect(flowsOf('flows', element(ends(17, 53)), element(ends(132, 7)), element(ends(47, 0)))).toMatchObject([
    { carries: { protocol: 'UDP', port: 53 } },
    { carries: { protocol: 'SCTP', port: 7 } },
    { carries: { protocol: 'other', number: 47 } },
  ])
  expect(flowsOf('icmp', element(ends(8, 0)))).toMatchObject([{ carries: { protocol: 'ICMP', type: 8, code: 0 } }])
  expect(flowsOf('untracked', element(ends(6, 80)))).toMatchObject([{ directed: false }])
})

test('totals are of one pod and one direction', () => {
  const { flows, totals } = readRecords(listed(element('fd00::1', 9)), 'egress', 'denied')
  expect(flows).toEqual([])
  expect(totals.map(({ address, ...rest }) => ({ ...rest, address: formatAddress(address) }))).toEqual([
    { address: 'fd00::1', direction: 'egress', packets: 9 },
  ])
})

test('what was lost is of one pod', () => {
  const { lost, ...others } = readRecords(listed(element('10.0.0.9', 7)), 'lost', 'denied')
  expect(others).toEqual({ flows: [], totals: [] })
  expect(lost.map(({ address, packets }) => [formatAddress(address), packets])).toEqual([['10.0.0.9', 7]])
})

test('a flow says what became of it', () => {
  const fates = (['denied', 'allowed'] as const).map((fate) => readRecords(listed(element(ends(6, 80))), 'flows', fate))
  expect(fates.map(({ flows }) => flows.map(({ fate }) => fate))).toEqual([['denied'], ['allowed']])
})

test.each([undefined, null, {}, { nftables: [] }, { nftables: [{ set: {} }] }, listed('10.0.0.1', element('x'))])(
  'what is no listing of ours says nothing: %j',
  (listing) => {
    for (const kind of ['flows', 'icmp', 'untracked', 'ingress', 'lost'] as const) {
      expect(readRecords(listing, kind, 'denied')).toEqual({ flows: [], totals: [], lost: [] })
    }
  },
)

test('an element that nobody counts, or of other fields, is passed over', () => {
  const odd = [{ elem: { val: ends(6, 80) } }, element({ concat: ['10.0.0.1', 'x', 6, 80] }), element(ends('tcp', 80))]
  expect(flowsOf('flows', ...odd)).toEqual([])
})
