import { describe, expect, test } from 'vitest'
import { formatBlock } from '../../compiler/addresses/format-block.ts'
import { policyOf, specProblems } from './read-text.ts'

const specOf = (block: string) => `{ingress: [{from: [{ipBlock: ${block}}]}]}`
const AT = 'spec.ingress[0].from[0].ipBlock'

/** As `cidr - except - except`; undefined when the direction is closed. */
function blockOf(block: string): string | undefined {
  const ingress = policyOf(specOf(block))?.ingress
  if (ingress?.kind !== 'rules') return undefined
  const peers = ingress.rules[0]?.peers
  if (peers === undefined || peers === 'anyone') return undefined
  return peers
    .flatMap((peer) => (peer.kind === 'block' ? [peer.block, ...peer.excepts] : []))
    .map(formatBlock)
    .join(' - ')
}

describe('blocks that the API server takes', () => {
  test.each([
    ['{cidr: 10.0.0.0/8}', '10.0.0.0/8'],
    ['{cidr: 0.0.0.0/0, except: null}', '0.0.0.0/0'],
    ['{cidr: "::/0", except: [FD00::/8, "fd00:0::/16"]}', '::/0 - fd00::/8 - fd00::/16'],
    ['{cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.1.0.0/16]}', '10.0.0.0/8 - 10.1.0.0/16 - 10.1.0.0/16'],
  ])('%s', (block, expected) => {
    expect(specProblems(specOf(block))).toEqual([])
    expect(blockOf(block)).toBe(expected)
  })
})

describe('spellings that it takes with a warning', () => {
  test.each([
    [
      '{cidr: 10.1.2.3/8}',
      '10.0.0.0/8',
      'warning: spec.ingress[0].from[0].ipBlock.cidr: CIDR value "10.1.2.3/8" is ambiguous in this context; ' +
        'it is read as "10.0.0.0/8"; for this one address write "10.1.2.3/32"',
    ],
    [
      '{cidr: 010.0.0.0/8}',
      '10.0.0.0/8',
      'warning: spec.ingress[0].from[0].ipBlock.cidr: non-standard CIDR value "010.0.0.0/8" ' +
        'will be considered invalid in a future Kubernetes release; it is read as "10.0.0.0/8"',
    ],
    [
      '{cidr: "fd00::/8", except: ["fd01::1/16"]}',
      'fd00::/8 - fd01::/16',
      'warning: spec.ingress[0].from[0].ipBlock.except[0]: CIDR value "fd01::1/16" is ambiguous in this context; ' +
        'it is read as "fd01::/16"; for this one address write "fd01::1/128"',
    ],
  ])('%s', (block, expected, warning) => {
    expect(specProblems(specOf(block))).toEqual([warning])
    expect(blockOf(block)).toBe(expected)
  })
})

describe('excepts that are not strictly inside are errors with a plain meaning', () => {
  const strict = 'must be a strict subset of `cidr`'
  test.each([
    ['equal', '10.0.0.0/8', '10.0.0.0/8 - 10.0.0.0/8', 'it covers all of 10.0.0.0/8: nothing is left'],
    ['wider: closes', '0.0.0.0/0', undefined, 'it covers all of 10.0.0.0/8: nothing is left'],
    ['outside: closes', '11.0.0.0/16', undefined, 'it lies outside 10.0.0.0/8'],
    ['other family: closes', 'fd00::/16', undefined, 'it is IPv6 and cidr is IPv4'],
  ])('%s', (_, except, expected, hint) => {
    const block = `{cidr: 10.0.0.0/8, except: ["${except}"]}`
    expect(specProblems(specOf(block))).toEqual([`${AT}.except[0]: Invalid value: "${except}": ${strict}; ${hint}`])
    expect(blockOf(block)).toBe(expected)
  })
})

describe('blocks that cannot be read close the direction', () => {
  const cidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
  test.each([
    ['{}', `${AT}.cidr: Required value; such as "10.0.0.0/8"`],
    ['{cidr: ""}', `${AT}.cidr: Required value; such as "10.0.0.0/8"`],
    ['{cidr: 10.0.0.1}', `${AT}.cidr: Invalid value: "10.0.0.1": ${cidr}; for this one address write "10.0.0.1/32"`],
    ['{cidr: 10.0.0.0/33}', `${AT}.cidr: Invalid value: "10.0.0.0/33": ${cidr}`],
    ['{cidr: "10.0.0.0/8\\n"}', `${AT}.cidr: Invalid value: "10.0.0.0/8\\u{a}": ${cidr}`],
    ['{cidr: 10}', `${AT}.cidr: Invalid value: 10: must be a string; put it in quotes: "10"`],
    ['{cidr: 10.0.0.0/8, except: [x]}', `${AT}.except[0]: Invalid value: "x": ${cidr}`],
    ['{cidr: 10.0.0.0/8, except: [null]}', `${AT}.except[0]: Invalid value: "": ${cidr}`],
    ['{cidr: 10.0.0.0/8, except: 10.1.0.0/16}', `${AT}.except: Invalid value: "10.1.0.0/16": must be a list`],
    ['10.0.0.0/8', `${AT}: Invalid value: "10.0.0.0/8": must be a mapping`],
  ])('%s', (block, line) => {
    expect(specProblems(specOf(block))).toEqual([line])
    expect(blockOf(block)).toBeUndefined()
  })
})
