import { expect, test } from 'vitest'
import { applyTransaction, createTable, runPacket, type Table } from './interpreter.ts'
import { makePacket, makePacket6, NEW } from './make-packet.ts'

const MAP = `map pods {
  type ipv4_addr : verdict
  elements = { 10.0.0.1 : jump one, 10.0.0.3 : goto one, 10.0.0.4 : return, 10.0.0.5 : drop, 10.0.0.6 : accept }
}
map ports {
  type inet_proto . inet_service : verdict
  flags interval
  elements = { tcp . 80-90 : goto one, tcp . 100 : return }
}`

/** A table with the chains' rules, one a line; `forward` is the base chain. */
function load(chains: Readonly<Record<string, readonly string[]>>, policy: 'accept' | 'drop' = 'accept'): Table {
  const blocks = Object.entries({ one: [], ...chains }).map(([name, rules]) => {
    const hook = name === 'forward' ? [`type filter hook forward priority filter + 5; policy ${policy};`] : []
    return `chain ${name} {\n${[...hook, ...rules].join('\n')}\n}`
  })
  const table = createTable()
  applyTransaction(table, `table inet selvedge {\n${[...blocks, MAP].join('\n')}\n}\n`)
  return table
}

function decide(table: Table, packet = makePacket()): string {
  const { verdict, chain } = runPacket(table, packet, NEW)
  return `${verdict} in ${chain}`
}

test('without a table, or without a base chain at the hook, everything passes', () => {
  expect(decide(createTable())).toBe('accept in ')
  expect(decide(load({}))).toBe('accept in ')
  expect(runPacket(load({ forward: ['drop'] }), makePacket(), NEW, 'input').verdict).toBe('accept')
})

test('the first rule that decides is the last one walked', () => {
  expect(decide(load({ forward: ['counter', 'drop', 'accept'] }))).toBe('drop in forward')
})

test('at the end of the base chain stands the policy', () => {
  expect(decide(load({ forward: [] }))).toBe('accept in forward')
  expect(decide(load({ forward: ['counter'] }, 'drop'))).toBe('drop in forward')
  expect(decide(load({ forward: ['return', 'accept'] }, 'drop'))).toBe('drop in forward')
})

test('a jump comes back after its rule: at the end of the chain, or by return', () => {
  expect(decide(load({ forward: ['jump one', 'drop'], one: [] }))).toBe('drop in forward')
  expect(decide(load({ forward: ['jump one', 'drop'], one: ['return', 'accept'] }))).toBe('drop in forward')
  expect(decide(load({ forward: ['jump one', 'drop'], one: ['accept'] }))).toBe('accept in one')
})

test('a goto does not come back: the policy decides', () => {
  expect(decide(load({ forward: ['goto one', 'drop'], one: [] }))).toBe('accept in forward')
  expect(decide(load({ forward: ['goto one', 'accept'], one: ['return'] }, 'drop'))).toBe('drop in forward')
})

test('after a goto within a jump the packet comes back to where it jumped', () => {
  const chains = { forward: ['jump one', 'drop'], one: ['goto two', 'accept'], two: ['return'] }
  expect(decide(load(chains))).toBe('drop in forward')
})

test('jumps within jumps come back one by one', () => {
  const chains = { forward: ['jump one', 'accept'], one: ['jump two', 'drop'], two: ['counter'] }
  expect(decide(load(chains))).toBe('drop in one')
})

test.each([
  ['10.0.0.1', 'jump', 'accept in forward'],
  ['10.0.0.2', 'no element: the next rule', 'accept in forward'],
  ['10.0.0.3', 'goto', 'drop in forward'],
  ['10.0.0.4', 'return', 'drop in forward'],
  ['10.0.0.5', 'drop', 'drop in forward'],
  ['10.0.0.6', 'accept', 'accept in forward'],
])('a map element for %s: %s', (source, _, expected) => {
  const table = load({ forward: ['ip saddr vmap @pods', 'accept'] }, 'drop')
  expect(decide(table, makePacket({ source }))).toBe(expected)
})

test('the verdict of a map leads into the chain', () => {
  const table = load({ forward: ['ip saddr vmap @pods', 'accept'], one: ['drop'] })
  expect(decide(table, makePacket({ source: '10.0.0.1' }))).toBe('drop in one')
  expect(decide(table, makePacket6())).toBe('accept in forward')
})

test('a map with intervals', () => {
  const table = load({ forward: ['meta l4proto . th dport vmap @ports', 'accept'], one: ['drop'] })
  const verdicts = [79, 80, 90, 91, 100].map((destinationPort) => decide(table, makePacket({ destinationPort })))
  expect(verdicts.map((verdict) => verdict.startsWith('accept'))).toEqual([true, false, false, true, true])
  expect(decide(table, makePacket({ protocol: 17 }))).toBe('accept in forward')
})

test('with two base chains every one must accept, in the order of their priorities', () => {
  const second = (priority: string, rule: string) =>
    `add chain inet selvedge second { type filter hook forward priority ${priority}; policy accept; }\nadd rule inet selvedge second ${rule}\n`
  const table = load({ forward: ['drop'] })
  applyTransaction(table, second('filter + 4', 'accept'))
  expect(decide(table)).toBe('drop in forward')
  // The one that comes first in time stands last, and sees the other's mark.
  const other = load({ forward: ['ct mark 1 drop'] })
  applyTransaction(other, second('filter - 4', 'ct mark set 1 accept'))
  expect(decide(other)).toBe('drop in forward')
  const third = load({ forward: ['ct mark set 1 accept'] })
  applyTransaction(third, second('filter + 6', 'ct mark 1 drop'))
  expect(decide(third)).toBe('drop in second')
})

test('a priority is a number, or a name and its distance', () => {
  const named = (priority: string) => {
    const table = createTable()
    const hook = `type filter hook postrouting priority ${priority}; policy accept;`
    applyTransaction(table, `table inet selvedge {\nchain post {\n${hook}\n}\n}\n`)
    return table.state?.chains.get('post')?.base?.priority
  }
  expect(['srcnat - 5', 'filter + 5', 'filter', '-7', 'raw'].map(named)).toEqual([95, 5, 0, -7, -300])
})
