import { describe, expect, test } from 'vitest'
import { applyTransaction, createTable, serialize, type Table, TextError } from './interpreter.ts'
import { ACCEPTED, REFUSED, STANDING, STRICTER, type TextCase } from './texts.ts'

function standing({ before = STANDING }: TextCase): Table {
  const table = createTable()
  if (before !== '') applyTransaction(table, before)
  return table
}

describe('accepted:', () => {
  test.each(ACCEPTED)('$name', (one) => {
    const table = standing(one)
    applyTransaction(table, one.text)
    expect(serialize(table)).not.toBe('')
  })
})

describe('refused, and nothing changed:', () => {
  test.each([...REFUSED, ...STRICTER])('$name', (one) => {
    const table = standing(one)
    const before = serialize(table)
    expect(() => applyTransaction(table, `add table inet selvedge\nadd chain inet selvedge new\n${one.text}`)).toThrow(
      TextError,
    )
    expect(() => applyTransaction(table, one.text)).toThrow(one.complaint)
    expect(serialize(table)).toBe(before)
  })
})

test('an error tells the line and shows it', () => {
  const table = createTable()
  const text = 'add table inet selvedge\n\ntable inet selvedge {\n  chain c {\n    tcp dport 70000 accept\n  }\n}\n'
  expect(() => applyTransaction(table, text)).toThrow("line 5: '70000' is no inet_service: tcp dport 70000 accept")
})

test('before kernel 6.2 a chain is busy in the transaction that takes out the map element leading to it', () => {
  for (const taken of ['delete map inet selvedge pods', 'delete element inet selvedge pods { 10.0.0.1 }']) {
    const table = createTable('before-6.2')
    applyTransaction(table, STANDING)
    expect(() => applyTransaction(table, `${taken}\ndelete chain inet selvedge a\n`)).toThrow(/busy/)
    applyTransaction(table, `${taken}\n`)
    applyTransaction(table, 'delete chain inet selvedge a\n')
    expect(serialize(table)).not.toContain('chain a\n')
  }
})
