import { expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS, type RulesetOptions } from '../../compiler/nftables/options.ts'
import { mapElement, renameSet } from '../../compiler/nftables/map-elements.ts'
import { reachedFrom } from '../../compiler/nftables/reached-sets.ts'
import { byMap, inSet, jumpsOf, lookupsOf, renameInRule, rule, goTo } from '../../compiler/nftables/rule-value.ts'
import { generationChains } from '../../compiler/nftables/static-chains.ts'
import { everySet } from '../kernel/every-set.ts'

const OPTIONS: readonly RulesetOptions[] = [
  DEFAULT_OPTIONS,
  { ...DEFAULT_OPTIONS, deny: 'reject', bridgeLocal: 'pass' },
  { ...DEFAULT_OPTIONS, established: 'keep', observe: true },
]

/** The chains of all layouts, and the frame under every option. */
const chains = [
  ...everySet().ruleset.chains.values(),
  ...OPTIONS.flatMap((options) => [
    ...generationChains(options, 1),
    ...createEngine({ isLocal: () => true, ruleset: options })
      .ruleset()
      .chains.values(),
  ]),
]

test('no text of a rule names a set, a map or a chain: the fields do', () => {
  const rules = chains.flatMap((chain) => chain.rules)
  const texts = rules.flatMap(({ statements }) => statements.filter((one) => typeof one === 'string'))
  expect(texts.filter((text) => /@|\b(jump|goto|vmap)\b/.test(text))).toEqual([])
  expect(rules.flatMap(lookupsOf).length).toBeGreaterThan(20)
  expect(rules.flatMap(jumpsOf).length).toBeGreaterThan(20)
})

test('the elements of a map are its targets', () => {
  const maps = [...everySet().ruleset.sets.values()].filter(({ kind }) => kind === 'map')
  expect(maps.some(({ elements }) => elements.size > 0)).toBe(true)
  for (const { elements, targets = new Map() } of maps) {
    expect([...targets].map(([key, jump]) => mapElement(key, jump)).toSorted()).toEqual([...elements].toSorted())
  }
})

test('a rule about other names is the same rule, comment and all', () => {
  const made = { ...rule('tcp dport 80', inSet('ip saddr', 'p4-a'), goTo('p4-a')), comment: 'p4-a' }
  const renamed = renameInRule(made, (name) => `${name}-next`)
  expect(renamed).toEqual({
    ...rule('tcp dport 80', inSet('ip saddr', 'p4-a-next'), goTo('p4-a-next')),
    comment: 'p4-a',
  })
  expect(renamed.text).toBe('tcp dport 80 ip saddr @p4-a-next goto p4-a-next')
})

test('a map of another name leads to chains of other names, by its elements as by its targets', () => {
  const map = [...everySet().ruleset.sets.values()].find(({ name }) => name.startsWith('d4-'))
  if (map === undefined) throw new Error('no map of ports')
  const renamed = renameSet(map, (name) => `${name}-next`)
  expect(renamed.name).toBe(`${map.name}-next`)
  expect([...renamed.elements]).toEqual([...map.elements].map((element) => `${element}-next`))
  expect([...(renamed.targets ?? [])].map(([, { chain }]) => chain)).toEqual(
    [...(map.targets ?? [])].map(([, { chain }]) => `${chain}-next`),
  )
})

test('behind a verdict map stand the chains that it leads to, and the sets that they read', () => {
  const { ruleset } = everySet()
  const view = { chain: (name: string) => ruleset.chains.get(name), set: (name: string) => ruleset.sets.get(name) }
  const map = [...ruleset.sets.values()].find(({ name }) => name.startsWith('d4-'))
  const through = { name: 'c4-test', rules: [rule(byMap('ip protocol . th dport', map?.name ?? ''))] }
  const reached = reachedFrom(through, view)
  expect([...reached.chains.keys()].filter((name) => name.startsWith('f4-')).length).toBeGreaterThan(2)
  expect([...reached.sets].some((name) => name.startsWith('p4-'))).toBe(true)
})
