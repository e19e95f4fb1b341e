import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { applyTransaction, createTable, GENERATION_CHAINS, serialize } from './interpreter.ts'

const read = (name: string) => readFileSync(`${import.meta.dirname}/${name}`, 'utf8')

const FIRST = `# a comment
table inet selvedge {
  chain forward {
    type filter hook forward priority filter + 5; policy accept;
    ct state   invalid,related   jump one comment "why"
  }
  chain one {
    drop
  }
  set z4 {
    type ipv4_addr . inet_proto
    flags interval
    elements = { 10.0.0.0/8 . tcp, 9.0.0.0-9.0.0.5 . 0-255 }
  }
  map pods {
    type ipv6_addr : verdict
    comment "pods"
    elements = { fd00::1 : jump one }
  }
}
`

test('the canonical text', () => {
  const table = createTable()
  applyTransaction(table, FIRST)
  expect(serialize(table)).toBe(
    [
      'table',
      'chain forward hook forward priority 5 policy accept',
      '  ct state invalid,related jump one comment "why"',
      'chain one',
      '  drop',
      'map pods ipv6_addr comment "pods"',
      '  fd00:0000:0000:0000:0000:0000:0000:0001 : jump one',
      'set z4 ipv4_addr . inet_proto interval',
      '  10.0.0.0-10.255.255.255 . 6',
      '  9.0.0.0-9.0.0.5 . 0-255',
      '',
    ].join('\n'),
  )
})

test('the same content in another order and spelling is the same text', () => {
  const [left, right] = [createTable(), createTable()]
  applyTransaction(left, FIRST)
  const steps = [
    'add table inet selvedge',
    'table inet selvedge {\n  map pods {\n    type ipv6_addr : verdict\n    comment "pods"\n  }\n  chain one {\n  }\n  set z4 {\n    type ipv4_addr . inet_proto\n    flags interval\n  }\n}',
    'add element inet selvedge z4 { 9.0.0.0-9.0.0.5 . 0-255, 12.0.0.0/8 . udp }\nadd element inet selvedge pods { fd00:0::1 : jump one }',
    'add chain inet selvedge forward { type filter hook forward priority 5; policy accept; }\nadd rule inet selvedge one drop',
    'add rule inet selvedge forward ct state invalid,related jump one comment "why"',
    'delete element inet selvedge z4 { 12.0.0.0/8 . 17 }\nadd element inet selvedge z4 { 10.0.0.0-10.255.255.255 . 6 }',
  ]
  for (const step of steps) applyTransaction(right, step)
  expect(serialize(right)).toBe(serialize(left))
})

test('the rules of the generation chains can be left out, their hooks not', () => {
  const [left, right] = [createTable(), createTable()]
  applyTransaction(left, FIRST)
  applyTransaction(right, FIRST)
  applyTransaction(right, 'flush chain inet selvedge forward')
  expect(serialize(right)).not.toBe(serialize(left))
  expect(serialize(right, GENERATION_CHAINS)).toBe(serialize(left, GENERATION_CHAINS))
  expect(serialize(right, GENERATION_CHAINS)).toContain('chain forward hook forward priority 5 policy accept …\n')
})

test('a deleted table is no table', () => {
  const table = createTable()
  applyTransaction(table, FIRST)
  applyTransaction(table, 'delete table inet selvedge')
  expect(serialize(table)).toBe('')
  expect(() => applyTransaction(table, 'add chain inet selvedge c')).toThrow(/table does not exist/)
})

test('a text that fails in its last line changes nothing', () => {
  const table = createTable()
  applyTransaction(table, FIRST)
  const before = serialize(table)
  const text =
    'flush chain inet selvedge one\nadd element inet selvedge pods { fd00::2 : jump one }\ndelete element inet selvedge z4 { 10.0.0.0/8 . tcp }\ndelete chain inet selvedge nobody\n'
  expect(() => applyTransaction(table, text)).toThrow(/line 4/)
  expect(serialize(table)).toBe(before)
})

test('a whole ruleset loads, again over itself too, and takes a transaction', () => {
  const table = createTable('before-6.2')
  applyTransaction(table, read('sample.nft'))
  const before = serialize(table)
  applyTransaction(table, read('sample.nft'))
  expect(serialize(table)).toBe(before)
  applyTransaction(table, read('sample-transaction.nft'))
  expect(serialize(table)).toContain('set iso4 ipv4_addr comment "local pods that a policy isolates"\nset iso6')
})
