import { describe, expect, test } from 'vitest'
import {
  normalizePortRanges,
  type PortRange,
  portRangesContain,
  portRangesCover,
  subtractPortRanges,
  unionPortRanges,
} from '../../compiler/addresses/port-ranges.ts'
import { testIntervalLaws } from './interval-laws.ts'

describe('sets of ports', () => {
  testIntervalLaws<PortRange>({
    interval: (from, to) => ({ from, to }),
    ends: ({ from, to }) => [from, to],
    normalize: normalizePortRanges,
    union: unionPortRanges,
    subtract: subtractPortRanges,
    contain: portRangesContain,
    cover: portRangesCover,
  })

  test('ports 80, 81-90 and 91 are one range, 93 is not', () => {
    const ports = [
      { from: 91, to: 91 },
      { from: 93, to: 93 },
      { from: 80, to: 80 },
      { from: 81, to: 90 },
    ]
    expect(normalizePortRanges(ports)).toEqual([
      { from: 80, to: 91 },
      { from: 93, to: 93 },
    ])
  })

  test('what else the given objects carry stays out of the set', () => {
    const given = [{ kind: 'range', protocol: 'TCP', from: 80, to: 80 }]
    expect(normalizePortRanges(given)).toEqual([{ from: 80, to: 80 }])
  })

  test('numbers sort as numbers, not as text', () => {
    const ports = [
      { from: 443, to: 443 },
      { from: 8080, to: 8080 },
      { from: 80, to: 80 },
    ]
    expect(normalizePortRanges(ports).map(({ from }) => from)).toEqual([80, 443, 8080])
  })

  test('all ports without one are two ranges that end at 1 and 65535', () => {
    expect(subtractPortRanges([{ from: 1, to: 65535 }], [{ from: 22, to: 22 }])).toEqual([
      { from: 1, to: 21 },
      { from: 23, to: 65535 },
    ])
  })
})
