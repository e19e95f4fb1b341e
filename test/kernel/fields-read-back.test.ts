import { expect, test } from 'vitest'
import { compareStanding } from '../../compiler/nftables/compare-standing.ts'
import { readRuleset } from '../../compiler/nftables/read-ruleset.ts'
import { replacementTexts } from '../../compiler/nftables/replacement-texts.ts'
import { generationChains } from '../../compiler/nftables/static-chains.ts'
import { mustRun } from '../../src/lab/run-command.ts'
import { useNamespace } from '../kernel-room/namespace.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { EVERY_OPTIONS, everySet, GENERATION } from './every-set.ts'

describeLab('a table that has every form in it', () => {
  const namespace = useNamespace()
  const { ruleset, text } = everySet()
  const load = (input: string) => mustRun(namespace.enter('nft', '-f', '-'), { input })
  const listing = async (): Promise<unknown> =>
    JSON.parse(await mustRun(namespace.enter('nft', '-j', 'list', 'table', 'inet', 'selvedge')))

  test('reads back with the fields that it was made with', async () => {
    await load(text)
    const read = readRuleset(await listing())?.ruleset
    for (const { name, rules } of [...ruleset.chains.values(), ...generationChains(EVERY_OPTIONS, GENERATION)]) {
      expect(read?.chains.get(name)?.rules).toEqual(rules)
    }
    for (const { name, elements, recorded, targets = new Map() } of ruleset.sets.values()) {
      // What time takes out is nothing to compare.
      expect(read?.sets.get(name)?.elements).toEqual(recorded === undefined ? elements : new Set())
      expect(read?.sets.get(name)?.targets ?? new Map()).toEqual(targets)
    }
  })

  test.each<readonly [string, string]>([
    ['the same', text],
    ['nothing', 'add table inet selvedge\ndelete table inet selvedge\n'],
    [
      'chains of ours that hold anything',
      'add table inet selvedge\nadd chain inet selvedge forward\nadd rule inet selvedge forward drop\n',
    ],
    [
      'what an agent left that ended half-way',
      replacementTexts(ruleset, EVERY_OPTIONS, GENERATION + 1)
        .slice(0, 2)
        .join(''),
    ],
  ])('is replaced step by step where there stands %s, and is what one transaction makes', async (_, standing) => {
    const next = GENERATION + 2
    const texts = replacementTexts(ruleset, EVERY_OPTIONS, next)
    expect(texts).toHaveLength(4)
    await load('add table inet selvedge\ndelete table inet selvedge\n')
    await load(standing)
    for (const one of texts) await load(one)
    expect(compareStanding(await listing(), ruleset, EVERY_OPTIONS)).toEqual({ kind: 'equal', generation: next })
  })
})
