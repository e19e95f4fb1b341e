import { checkChains } from './check-chains.ts'
import type { ChainBlock, Command, SetBlock } from './command.ts'
import { addElements, checkTarget, deleteElements, type Draft, draftOf, findSet } from './draft.ts'
import { type Fault, readCommands } from './read-commands.ts'
import type { Rule } from './rule.ts'
import type { Table } from './table.ts'
import { verdictTarget } from './verdict.ts'

/**
 * Carries out a text as `nft -f` would: all of it, or it throws a TextError and the table is as it was. Refuses what
 * nft or the kernel would, and whatever it does not know.
 */
export function applyTransaction(table: Table, text: string): void {
  let draft = table.state === undefined ? undefined : draftOf(table.state)
  for (const { command, fault } of readCommands(text)) {
    if (command.kind === 'add table' || command.kind === 'table') draft ??= draftOf(undefined)
    if (draft === undefined) throw fault('No such file or directory: the table does not exist')
    if (command.kind === 'delete table') draft = undefined
    else applyCommand(draft, command, fault, table)
  }
  if (draft !== undefined) checkChains(draft)
  table.state = draft === undefined ? undefined : { chains: draft.chains, sets: draft.sets }
}

function applyCommand(draft: Draft, command: Command, fault: Fault, { kernel }: Table): void {
  switch (command.kind) {
    case 'add table':
    case 'delete table':
      return
    case 'table':
      // The order in which nft sends the parts of a block.
      for (const chain of command.chains) addChain(draft, chain, fault)
      for (const set of command.sets) addSet(draft, set, fault)
      for (const { name, elements } of command.sets) {
        if (elements.length > 0) addElements(draft, name, elements, fault)
      }
      for (const { name, rules } of command.chains) for (const rule of rules) addRule(draft, name, rule, fault)
      return
    case 'add chain':
      addChain(draft, command.chain, fault)
      for (const rule of command.chain.rules) addRule(draft, command.chain.name, rule, fault)
      return
    case 'add rule':
      addRule(draft, command.chain, command.rule, fault)
      return
    case 'add element':
      addElements(draft, command.set, command.elements, fault)
      return
    case 'delete element':
      deleteElements(draft, command.set, command.elements, fault)
      return
    case 'flush chain':
      draft.chains.set(command.name, { ...findChain(draft, command.name, fault), rules: [] })
      return
    case 'flush set':
      draft.sets.set(command.name, { ...findSet(draft, command.name, fault), elements: new Map() })
      return
    case 'delete chain':
      deleteChain(draft, command.name, fault)
      if (kernel === 'before-6.2' && draft.led.has(command.name)) {
        throw fault(`Device or resource busy: map elements taken out by this transaction led to ${command.name}`)
      }
      return
    case 'delete set':
    case 'delete map':
      deleteSet(draft, command.kind === 'delete map' ? 'map' : 'set', command.name, fault)
  }
}

function findChain(draft: Draft, name: string, fault: Fault) {
  const chain = draft.chains.get(name)
  if (chain === undefined) throw fault(`No such file or directory: no chain ${name}`)
  return chain
}

function addChain(draft: Draft, { name, line, base }: ChainBlock, fault: Fault): void {
  const old = draft.chains.get(name)
  if (old === undefined) {
    draft.chains.set(name, { name, base, rules: [] })
    return
  }
  if (base === undefined) return
  if (old.base?.hook !== base.hook || old.base.priority !== base.priority) {
    throw fault(`Operation not supported: ${name} stands with another hook`, line)
  }
  draft.chains.set(name, { ...old, base })
}

function addSet(draft: Draft, block: SetBlock, fault: Fault): void {
  const { kind, name, line, type, interval, recorded, comment } = block
  const old = draft.sets.get(name)
  if (old === undefined) {
    draft.sets.set(name, { kind, name, type, interval, recorded, comment, elements: new Map() })
    return
  }
  const same =
    old.kind === kind && old.interval === interval && old.recorded === recorded && old.type.join() === type.join()
  if (!same) throw fault(`File exists: ${name} stands with another kind, type or flags`, line)
}

function addRule(draft: Draft, name: string, rule: Rule, fault: Fault): void {
  const chain = findChain(draft, name, (message) => fault(message, rule.line))
  const { written } = rule
  for (const lookup of [...rule.lookups, ...(written === undefined ? [] : [written])]) {
    const set = findSet(draft, lookup.set, (message) => fault(message, rule.line))
    if (lookup === written && set.recorded === undefined) {
      throw fault(`Operation not supported: ${set.name} is no set that packets fill`, rule.line)
    }
    if (set.kind !== lookup.kind) throw fault(`${set.name} is a ${set.kind}, not a ${lookup.kind}`, rule.line)
    if (set.type.join() !== lookup.type.join()) {
      throw fault(
        `datatype mismatch: ${set.name} holds ${set.type.join(' . ')}, not ${lookup.type.join(' . ')}`,
        rule.line,
      )
    }
  }
  if (rule.target !== undefined) checkTarget(draft, rule.target, (message) => fault(message, rule.line))
  draft.chains.set(name, { ...chain, rules: [...chain.rules, rule] })
}

function deleteChain(draft: Draft, name: string, fault: Fault): void {
  findChain(draft, name, fault)
  for (const chain of draft.chains.values()) {
    if (chain.name !== name && chain.rules.some(({ target }) => target === name)) {
      throw fault(`Device or resource busy: a rule of ${chain.name} leads to ${name}`)
    }
  }
  for (const set of draft.sets.values()) {
    if (set.kind !== 'map') continue
    for (const { verdict } of set.elements.values()) {
      if (verdictTarget(verdict) === name) throw fault(`Device or resource busy: the map ${set.name} leads to ${name}`)
    }
  }
  draft.chains.delete(name)
}

function deleteSet(draft: Draft, kind: 'set' | 'map', name: string, fault: Fault): void {
  const set = findSet(draft, name, fault)
  if (set.kind !== kind) throw fault(`${name} is a ${set.kind}, not a ${kind}`)
  for (const chain of draft.chains.values()) {
    const names = (rule: Rule) => [...rule.lookups, ...(rule.written === undefined ? [] : [rule.written])]
    if (chain.rules.some((rule) => names(rule).some((lookup) => lookup.set === name))) {
      throw fault(`Device or resource busy: a rule of ${chain.name} reads ${name}`)
    }
  }
  for (const { verdict } of set.elements.values()) {
    const target = verdictTarget(verdict)
    if (target !== undefined) draft.led.add(target)
  }
  draft.sets.delete(name)
}
