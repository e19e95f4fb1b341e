import { expect, test } from 'vitest'
import { applyTransaction, createTable, runPacket, serialize, type Table, tornTables } from './interpreter.ts'
import { makePacket, NEW } from './make-packet.ts'

const HOOK = 'type filter hook forward priority filter + 5; policy accept;'

function load(body: string): Table {
  const table = createTable()
  applyTransaction(table, `table inet selvedge {\n${body}\n}\n`)
  return table
}

function base(rules: string): string {
  return `chain forward {\n${HOOK}\n${rules}\n}\n`
}

const set = (name: string, elements: string) => `set ${name} {\ntype ipv4_addr\n${elements}\n}\n`
const HELD = 'elements = { 10.0.0.1 }'

test('rules of the first, elements of the second', () => {
  const before = load(`${base('ip saddr @peers accept\ndrop')}${set('peers', HELD)}`)
  const after = load(`${base('accept')}${set('peers', '')}`)
  expect(runPacket(before, makePacket(), NEW).verdict).toBe('accept')
  expect(runPacket(after, makePacket(), NEW).verdict).toBe('accept')
  expect(runPacket(tornTables(before, after), makePacket(), NEW).verdict).toBe('drop')
  expect(runPacket(tornTables(after, before), makePacket(), NEW).verdict).toBe('accept')
})

test('a set that only the rules’ version has keeps its elements', () => {
  const before = load(`${base('ip saddr @gone drop')}${set('gone', HELD)}`)
  expect(runPacket(tornTables(before, load(base(''))), makePacket(), NEW).verdict).toBe('drop')
})

test('a new chain is empty for the old rules that a new map element leads there', () => {
  const map = (elements: string) => `map pods {\ntype ipv4_addr : verdict\n${elements}\n}\n`
  const before = load(`${base('ip saddr vmap @pods\ndrop')}${map('')}`)
  const rules = base('ip saddr vmap @pods\ndrop')
  const after = load(`${rules}${map('elements = { 10.0.0.1 : jump fresh }')}chain fresh {\naccept\n}\n`)
  expect(runPacket(after, makePacket(), NEW).chain).toBe('fresh')
  expect(runPacket(tornTables(before, after), makePacket(), NEW)).toMatchObject({ verdict: 'drop', chain: 'forward' })
})

test('a new base chain has no rules yet, and a lost table still has its', () => {
  const table = load(base('drop'))
  expect(runPacket(tornTables(createTable(), table), makePacket(), NEW).verdict).toBe('accept')
  expect(runPacket(tornTables(table, createTable()), makePacket(), NEW).verdict).toBe('drop')
})

test('of two equal tables it is the table, and neither is changed', () => {
  const table = load(`${base('ip saddr @peers accept')}${set('peers', HELD)}`)
  const text = serialize(table)
  expect(serialize(tornTables(table, load(`${base('ip saddr @peers accept')}${set('peers', HELD)}`)))).toBe(text)
  expect(serialize(table)).toBe(text)
})

test('a loop that only the torn table has does not hang', () => {
  const map = (verdict: string) => `map m {\ntype ipv4_addr : verdict\nelements = { 10.0.0.1 : ${verdict} }\n}\n`
  const before = load(`${base('goto a')}chain a {\nip saddr vmap @m\n}\n${map('drop')}`)
  const after = load(`${base('')}chain a {\n}\n${map('goto a')}`)
  expect(() => runPacket(tornTables(before, after), makePacket(), NEW)).toThrow('no end: a → a')
})
