import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { readInput } from '../../src/cli/read-input.ts'
import { runCommand } from '../../src/lab/run-command.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { manyPorts } from '../arbitraries/many-ports.ts'
import { useNamespace } from '../kernel-room/namespace.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { engineOf, textOf } from '../laws/compile-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { describeWhere } from '../support/describe-where.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { debianNfts, type Nft } from './debian-nfts.ts'
import { everySet } from './every-set.ts'

// trap: nft 1.0.6 swaps the byte of `meta l4proto` in keys of interval sets, which newer kernels refuse

const nfts = await debianNfts().catch((error: unknown) => String(error))
const EXAMPLES = join(PROJECT_ROOT, 'examples')
const crowded = clusters().chain((cluster) => fc.oneof(fc.constant(cluster), manyPorts(cluster, 5, 140)))
/** Of the classes' chains, c and f, only those of IPv6. */
const OF_IPV6 = /^[cf]6-/

if (typeof nfts === 'string')
  describeWhere(nfts, 'which rules swap bytes', () => test('the nft of other releases', () => expect(nfts).toEqual([])))
else {
  describeLab('rules that swap bytes before a look-up', () => {
    const namespace = useNamespace()

    /** The chains with such a rule, as this nft would give them to the kernel; nothing is loaded. */
    const swapping = async ({ command }: Nft, text: string): Promise<readonly string[]> => {
      const argv = namespace.enter(...command, '-c', '--debug=netlink', '-f', '-')
      const { exitCode, stdout, stderr } = await runCommand(argv, { input: text })
      expect(`${exitCode} ${stderr.slice(0, 300)}`).toBe('0 ')
      // A rule begins with the family, the table and the chain.
      const rules = stdout.split(/^(?=inet selvedge )/m).filter((rule) => / = hton\(| = ntoh\(/.test(rule))
      return [...new Set(rules.map((rule) => /^inet selvedge (\S+)/.exec(rule)?.[1] ?? rule))]
    }
    const old = nfts.filter(({ version }) => version === '1.0.6')
    const inIPv4 = async (text: string) => {
      const found = await Promise.all(old.map((nft) => swapping(nft, text)))
      return found.flat().filter((chain) => !OF_IPV6.test(chain))
    }
    const every = everySet()

    test('every form of set: by nft 1.0.6 in IPv6 only, by later ones nowhere', async () => {
      const inIPv6: string[] = []
      for (const nft of nfts) {
        const chains = await swapping(nft, every.text)
        expect([nft.version, chains.filter((chain) => !OF_IPV6.test(chain))]).toEqual([nft.version, []])
        if (chains.length > 0) inIPv6.push(nft.version)
      }
      expect(inIPv6).toEqual(['1.0.6'])
    })

    test('with the protocol as IPv6 has it, IPv4 would have them as well', async () => {
      expect(await inIPv4(every.text.replaceAll('ip protocol', 'meta l4proto'))).not.toEqual([])
    })

    test.each(readdirSync(EXAMPLES).filter((name) => !name.includes('.')))(
      'examples/%s: none in IPv4',
      async (name) => {
        const input = readInput({ filename: [join(EXAMPLES, name)], namespace: 'default', podCidr: '10.244.0.0/16' })
        expect(await inIPv4(compiled(input?.objects ?? []))).toEqual([])
      },
    )

    test('random clusters, with many ports too: none in IPv4', async () => {
      await fc.assert(
        fc.asyncProperty(crowded, async (cluster) => {
          expect(await inIPv4(textOf(engineOf(cluster)))).toEqual([])
        }),
        lawParameters(30),
      )
    })
  })
}

function compiled(objects: readonly ClusterObject[]): string {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  engine.apply(objects.map((object) => ({ type: 'put', object })))
  return textOf(engine)
}
