import { expect, test } from 'vitest'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import type { RulesetChange, SetValue } from '../../compiler/nftables/ruleset.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'

// A call takes some 125,000 arguments, so no list of this length may be spread into one.

const SETS = 15
const EACH = 100_000

const sets = Array.from({ length: SETS }, (_, index): SetValue => {
  const elements = new Set<string>()
  for (let at = 0; at < EACH; at += 1) elements.add(`fd00:1:${at.toString(16)}::`)
  return { kind: 'set', name: `p6-${index}`, type: ['ipv6_addr'], interval: false, elements }
})

const NOTHING: RulesetChange = {
  createdSets: [],
  deletedSets: [],
  elements: new Map(),
  createdChains: [],
  rewrittenChains: [],
  deletedChains: [],
  narrows: false,
}

const EMPTY = { chain: () => undefined, set: () => undefined }

const elementsIn = (text: string) => text.split('fd00:1:').length - 1

test('one and a half million elements of new sets are one text', { timeout: 120_000 }, () => {
  const texts = planTransactions({ ...NOTHING, createdSets: sets }, EMPTY, DEFAULT_OPTIONS, 1)
  expect(texts.map(elementsIn)).toEqual([SETS * EACH])
  const whole = rulesetText(
    { sets: new Map(sets.map((set) => [set.name, set])), chains: new Map() },
    DEFAULT_OPTIONS,
    1,
  )
  expect(elementsIn(whole)).toBe(SETS * EACH)
})

test('so many elements that come to one set, and leave it', { timeout: 120_000 }, () => {
  const many = sets.flatMap(({ elements }, index) => [...elements].map((one) => `${one} . udp . ${index}`))
  for (const change of [
    { added: many, removed: [] },
    { added: [], removed: many },
  ]) {
    const texts = planTransactions({ ...NOTHING, elements: new Map([['x6-1', change]]) }, EMPTY, DEFAULT_OPTIONS, 1)
    expect(texts.map(elementsIn)).toEqual([SETS * EACH])
  }
})

test('two hundred thousand new sets and chains', { timeout: 120_000 }, () => {
  const createdSets = Array.from({ length: 200_000 }, (_, index): SetValue => {
    return { kind: 'set', name: `p4-${index}`, type: ['ipv4_addr'], interval: false, elements: new Set() }
  })
  const createdChains = createdSets.map(({ name }) => ({ name: name.replace('p', 'c'), rules: [] }))
  const [text = ''] = planTransactions({ ...NOTHING, createdSets, createdChains }, EMPTY, DEFAULT_OPTIONS, 1)
  expect(text.split('typeof ip saddr').length - 1).toBe(200_000)
})
