import { expect, test } from 'vitest'
import { compareRulesets } from '../../compiler/nftables/compare-rulesets.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import { readRuleset } from '../../compiler/nftables/read-ruleset.ts'
import type { Ruleset } from '../../compiler/nftables/ruleset.ts'
import { isClassChainName, isPodChainName } from '../../compiler/nftables/names.ts'
import { generationChains } from '../../compiler/nftables/static-chains.ts'
import { useNamespace } from '../kernel-room/namespace.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { mustRun, runCommand } from '../../src/lab/run-command.ts'
import { EVERY_OPTIONS, everySet, GENERATION } from './every-set.ts'

describeLab('elements of interval sets', () => {
  const namespace = useNamespace()
  const every = everySet()
  const nft = (text: string) => runCommand(namespace.enter('nft', '-f', '-'), { input: text })
  const standing = async (): Promise<Ruleset> => {
    const read = readRuleset(
      JSON.parse(await mustRun(namespace.enter('nft', '-j', 'list', 'table', 'inet', 'selvedge'))),
    )
    if (read === undefined) throw new Error('no table of ours')
    return read.ruleset
  }

  test('that somebody cut anew are cut as before, in one go', async () => {
    await mustRun(namespace.enter('nft', '-f', '-'), { input: every.text })
    const set = [...every.ruleset.sets.values()].find(({ name }) => name.startsWith('y4-'))
    const element = [...(set?.elements ?? [])].find((one) => /-/.test(one)) ?? ''
    const [, key = '', from = '', to = ''] = /^(.*) \. (\d+)-(\d+)$/.exec(element) ?? []
    const anew = `${key} . ${from}-${Number(to) + 1}`
    await mustRun(namespace.enter('nft', '-f', '-'), {
      input: `delete element inet selvedge ${set?.name} { ${element} }\nadd element inet selvedge ${set?.name} { ${anew} }\n`,
    })
    const moving = generationChains(EVERY_OPTIONS, GENERATION).map((chain) => [chain.name, chain] as const)
    const desired = { sets: every.ruleset.sets, chains: new Map([...every.ruleset.chains, ...moving]) }
    const view = {
      // As the engine's: the fixed ones are not in it.
      chain: (name: string) => (isClassChainName(name) || isPodChainName(name) ? desired.chains.get(name) : undefined),
      set: (name: string) => desired.sets.get(name),
    }
    const change = compareRulesets(await standing(), desired)
    expect([...change.elements]).toEqual([[set?.name, { added: [element], removed: [anew] }]])
    for (const text of planTransactions(change, view, EVERY_OPTIONS, GENERATION + 1)) {
      expect(await nft(text)).toMatchObject({ exitCode: 0, stderr: '' })
    }
    expect(compareRulesets(await standing(), desired).elements.size).toBe(0)
  })

  // Kernel 6.18 takes a box that holds a corner of the one it is asked to delete, though that one does not stand. Our boxes are
  // disjoint, so where one of ours is missing no other of ours can go in its place: the transaction fails, and the table is rebuilt.
  test('do not go in place of another one that is missing, since no two of ours have an address and port in common', async () => {
    const [left, right] = ['10.0.0.1 . udp . 80-90', '10.0.0.1 . udp . 96-99']
    const load = `table inet other
delete table inet other
table inet other {
  set s {
    type ipv4_addr . inet_proto . inet_service
    flags interval
    elements = { ${left}, ${right}, 10.0.0.2 . udp . 91-95 }
  }
}
`
    const after = async (box: string) => {
      await mustRun(namespace.enter('nft', '-f', '-'), { input: load })
      const { exitCode } = await nft(`delete element inet other s { ${box} }\n`)
      const listing = await mustRun(namespace.enter('nft', 'list', 'set', 'inet', 'other', 's'))
      return { exitCode, stand: [left, right].map((one) => listing.includes(one)) }
    }
    for (const missing of ['10.0.0.1 . udp . 91-95', '10.0.0.1 . tcp . 80-90', '10.0.0.3 . udp . 80-90']) {
      expect(await after(missing)).toEqual({ exitCode: 1, stand: [true, true] })
    }
    // What others may do to it: a part takes the whole, on this kernel, or nothing.
    const { exitCode, stand } = await after('10.0.0.1 . udp . 85-90')
    expect(stand).toEqual([exitCode !== 0, true])
  })
})
