import { beforeEach, expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS, type RulesetOptions } from '../../compiler/nftables/options.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import type { ListOptions } from '../../src/kernel/list-json.ts'
import { readDenied, readHeld } from '../../src/kernel/read-denied.ts'
import { holdChanges } from '../laws/hold-changes.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { useNamespace } from './namespace.ts'

describeLab('the counters of our table', () => {
  const namespace = useNamespace()
  const read = (options: Partial<ListOptions> = {}) =>
    readDenied({ command: namespace.enter('nft'), timeoutMilliseconds: 5_000, ...options })
  const empty = (options: Partial<RulesetOptions>) => {
    const ruleset = { ...DEFAULT_OPTIONS, ...options }
    return rulesetText(createEngine({ isLocal: () => true, ruleset }).ruleset(), ruleset, 1)
  }

  beforeEach(() => namespace.nft('flush ruleset'))

  test.each(['drop', 'reject'] as const)('--deny %s: what policy denied, and what no policy can name', async (deny) => {
    // As if packets had passed: the kernel counts on from what it is given.
    const text = empty({ deny }).replaceAll(/counter(?= drop| reject)/g, 'counter packets 5 bytes 300')
    await namespace.nft(text)
    expect(await read()).toEqual({ policy: deny === 'drop' ? 5 : 10, stray: 5 })
  })

  test('what the hold stopped, whether its sender was told or not; nothing is known where nothing is held', async () => {
    const counted = () => readHeld({ command: namespace.enter('nft'), timeoutMilliseconds: 5_000 })
    await namespace.nft(empty({}))
    expect(await counted()).toBeUndefined()
    const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
    engine.apply(holdChanges({ node: 'node-1', subnets: ['10.244.1.0/24'], sandboxes: [] }))
    const text = rulesetText(engine.ruleset(), DEFAULT_OPTIONS, 1)
    const held = text.replace(/chain held \{\s+counter/, '$& packets 5 bytes 300')
    await namespace.nft(held.replace(/chain held-refused \{\s+counter/, '$& packets 7 bytes 420'))
    expect(await counted()).toBe(12)
    expect(await read()).toEqual({ policy: 0, stray: 0 })
  })

  test('what cannot be read is not known: no table, no nft, no time', async () => {
    expect(await read()).toBeUndefined()
    await namespace.nft(empty({}))
    expect(await read()).toEqual({ policy: 0, stray: 0 })
    expect(await read({ command: ['/nowhere/nft'] })).toBeUndefined()
    const slow = `${temporaryFolder({ nft: '#!/bin/sh\nexec sleep 100\n' })}/nft`
    expect(await read({ command: [slow], timeoutMilliseconds: 100 })).toBeUndefined()
    const odd = `${temporaryFolder({ nft: '#!/bin/sh\necho "{"\n' })}/nft`
    expect(await read({ command: [odd] })).toBeUndefined()
  })
})
