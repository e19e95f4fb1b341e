import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareRulesets, isRedeclared } from '../../compiler/nftables/compare-rulesets.ts'
import { elementKey } from '../../compiler/nftables/map-elements.ts'
import { readRuleset } from '../../compiler/nftables/read-ruleset.ts'
import { isEmptyChange, type Ruleset, type SetValue } from '../../compiler/nftables/ruleset.ts'
import { setHeaderLines } from '../../compiler/nftables/statement-text.ts'
import { generationChains } from '../../compiler/nftables/static-chains.ts'
import { runCommand } from '../../src/lab/run-command.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { manyPorts } from '../arbitraries/many-ports.ts'
import { useNamespace } from '../kernel-room/namespace.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import { describeWhere } from '../support/describe-where.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { debianNfts, type Nft } from './debian-nfts.ts'
import { EVERY_FORM, EVERY_OPTIONS, everySet, formOf, GENERATION } from './every-set.ts'

// trap: what one nft writes, another one on the node has to live with, also where it only works on other tables

const every = everySet()
const nfts = await debianNfts().catch((error: unknown) => String(error))

if (typeof nfts === 'string')
  describeWhere(nfts, 'every nft reads what another wrote', () =>
    test('the nft of other releases', () => expect(nfts).toEqual([])),
  )
else {
  describeLab('every nft reads what another wrote', () => {
    const namespace = useNamespace()
    const run = async ({ command }: Nft, argv: readonly string[], input?: string) => {
      const result = await runCommand(namespace.enter(...command, ...argv), input === undefined ? {} : { input })
      const words = `${argv.join(' ')}${input === undefined ? '' : ` ${input.slice(0, 60)}`}`
      // A shell's way to say which signal ended it: 139 is a segmentation fault.
      expect(`${words}: ${result.exitCode} ${result.stderr.slice(0, 300)}`).toBe(`${words}: 0 `)
      return result.stdout
    }
    const listing = async (nft: Nft): Promise<Ruleset> => {
      const read = readRuleset(JSON.parse(await run(nft, ['-j', 'list', 'table', 'inet', 'selvedge'])))
      if (read === undefined) throw new Error('no table of ours')
      return read.ruleset
    }

    test('there are an old one and a new one', () => {
      const versions = nfts.map(({ version }) => version)
      expect(versions).toContain('1.0.6')
      expect(versions.filter((version) => version.startsWith('1.1.')).length).toBeGreaterThanOrEqual(2)
    })

    test.each(nfts.filter(({ version }) => version !== '1.0.6').map(({ version, command }) => ({ version, command })))(
      'a table in which an older version of ours has declared maps by bare types is not adopted by $version',
      async (nft) => {
        const bare = every.text.replaceAll('typeof meta l4proto . th dport', 'type inet_proto . inet_service')
        for (const [text, isOther] of [
          [bare, true],
          [every.text, false],
        ] as const) {
          await run(nft, ['-f', '-'], text)
          expect(isRedeclared(await listing(nft), every.ruleset)).toBe(isOther)
        }
      },
    )

    const pairs = nfts.flatMap((writer) =>
      nfts.filter((nft) => nft !== writer).map((reader) => [writer, reader] as const),
    )
    test.each(pairs.map(([writer, reader]) => ({ name: `${writer.version} and ${reader.version}`, writer, reader })))(
      'what was written by $name is read, listed and changed by the second',
      async ({ writer, reader }) => {
        await run(writer, ['flush', 'ruleset'])
        await run(writer, ['-f', '-'], every.text)
        expect(differenceFrom(every.ruleset, await listing(reader))).toBeUndefined()
        await useAll(every.ruleset.sets.values())
        for (const text of every.diversion) await run(writer, ['-f', '-'], text)
        const standing = await listing(writer)
        expect(await listing(reader)).toEqual(standing)
        expect([...new Set([...every.ruleset.sets.keys(), ...standing.sets.keys()].map(formOf))].sort()).toEqual(
          EVERY_FORM,
        )
        await useAll(standing.sets.values())

        async function useAll(sets: Iterable<SetValue>): Promise<void> {
          for (const how of [
            ['list', 'tables'],
            ['list', 'ruleset'],
            ['-j', 'list', 'ruleset'],
            ['-t', 'list', 'ruleset'],
          ]) {
            await run(reader, how)
          }
          await run(
            reader,
            ['-f', '-'],
            'add table ip other\nadd set ip other one { type ipv4_addr . inet_service; }\n',
          )
          await run(reader, ['-f', '-'], 'add element ip other one { 10.0.0.1 . 80 }\n')
          for (const verb of ['delete', 'add']) {
            const lines = [...sets].flatMap(({ name, elements }) => {
              const [first] = [...elements].sort()
              if (first === undefined) return []
              const key = verb === 'delete' ? elementKey(first) : first
              return [`${verb} element inet selvedge ${name} { ${key} }\n`]
            })
            await run(reader, ['-f', '-'], lines.join(''))
          }
          await run(reader, ['delete', 'table', 'ip', 'other'])
          await run(writer, ['list', 'ruleset'])
        }
      },
    )
  })
}

function differenceFrom({ sets, chains }: Ruleset, standing: Ruleset) {
  const moving = generationChains(EVERY_OPTIONS, GENERATION).map((chain) => [chain.name, chain] as const)
  const change = compareRulesets(standing, { sets, chains: new Map([...chains, ...moving]) })
  return isEmptyChange(change) ? undefined : change
}

test('no cluster has a set that is declared in another way', () => {
  const declared = (ruleset: Ruleset) =>
    [...ruleset.sets.values()].map(
      (set) => `${formOf(set.name)} ${setHeaderLines({ ...set, comment: undefined }).join(' ')}`,
    )
  const known = new Set(declared(every.ruleset))
  const crowded = clusters().chain((cluster) => fc.oneof(fc.constant(cluster), manyPorts(cluster, 5, 140)))
  fc.assert(
    fc.property(crowded, (cluster) => {
      expect(declared(engineOf(cluster).ruleset()).filter((one) => !known.has(one))).toEqual([])
    }),
    lawParameters(60),
  )
})
