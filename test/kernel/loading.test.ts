import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Change } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import {
  DEFAULT_OPTIONS,
  generationMark,
  highestGeneration,
  type RulesetOptions,
} from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import { readRuleset } from '../../compiler/nftables/read-ruleset.ts'
import { contentGeneration, rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { generationChains } from '../../compiler/nftables/static-chains.ts'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { readInput } from '../../src/cli/read-input.ts'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { LabCommandError } from '../../src/lab/lab-error.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { decodeCluster } from '../laws/decode-cluster.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { standingDifference } from './standing-difference.ts'

const EXAMPLES = join(PROJECT_ROOT, 'examples')
const folders = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
)

/** Whatever may stand under our name: another version's, or a half of one. */
const OLDER = `table inet selvedge {
  set p4-old { type ipv4_addr . inet_service; flags interval; elements = { 10.0.0.0/8 . 80-90 }; }
  map in4 { type ipv4_addr . inet_proto : verdict; elements = { 10.244.1.5 . tcp : jump old }; }
  chain old { ip saddr . tcp dport @p4-old accept; drop; }
  chain forward { type filter hook forward priority filter - 7; policy drop; ip daddr . meta l4proto vmap @in4; }
  chain refuse { type filter hook input priority filter; policy accept; }
}
`

const options: fc.Arbitrary<RulesetOptions> = fc.record({
  deny: fc.constantFrom('drop', 'reject'),
  established: fc.constantFrom('rejudge', 'keep'),
  bridgeLocal: fc.constantFrom('drop', 'pass'),
  serviceProxy: fc.constantFrom('nat', 'ipvs'),
  observe: fc.boolean(),
  markMask: fc.constantFrom(0xfff00000, 0x00ffff00),
})

describeLab('loading', () => {
  let lab: Lab
  beforeAll(async () => {
    lab = await createLab({ arrangement: 'routed', nodes: [{ name: 'node-1' }], pods: [] })
  })
  afterAll(() => lab.close())
  beforeEach(() => lab.loadRuleset('node-1', 'flush ruleset\n'))

  const load = (text: string) => lab.loadRuleset('node-1', text)
  const list = () => lab.nft('node-1', ['list', 'ruleset'])
  const differenceFrom = (compiled: Compiled) => standingDifference(lab, 'node-1', compiled)

  // That this is what compile prints is asked in test/cli/compile.test.ts.
  test.each(folders)('examples/%s: the text checks clean, loads, and is adopted as it stands', async (folder) => {
    const input = readInput({ filename: [join(EXAMPLES, folder)], namespace: 'default', podCidr: '10.244.0.0/16' })
    const compiled = compile(input?.objects ?? [])
    const { text } = compiled
    const checked = await lab.exec('node-1', ['nft', '-c', '-f', '-'], { input: text })
    expect(checked).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    expect(await list()).toBe('')

    await load(text)
    const first = await list()
    expect(await differenceFrom(compiled)).toBeUndefined()
    await load(text)
    expect(await list()).toBe(first)
    await load(`flush ruleset\n${OLDER}`)
    await load(text)
    expect(await list()).toBe(first)
    const listing: unknown = JSON.parse(await lab.nft('node-1', ['-j', 'list', 'table', 'inet', 'selvedge']))
    expect(readRuleset(listing)?.mark).toBe(generationMark(compiled.generation, DEFAULT_OPTIONS.markMask))
  })

  test('any cluster, with any options, loads over whatever stood there and is adopted as it stands', async () => {
    await load(OLDER)
    await fc.assert(
      fc.asyncProperty(clusters(), options, async (cluster, some) => {
        const compiled = compile(decodeCluster(cluster), some)
        await load(compiled.text)
        expect(await differenceFrom(compiled)).toBeUndefined()
      }),
      lawParameters<[RawCluster, RulesetOptions]>(20),
    )
  })

  test('the transactions from any cluster to any other end in the table of the other', async () => {
    await fc.assert(
      fc.asyncProperty(clusters(), clusters(), options, async (before, after, some) => {
        const { engine, text, generation } = compile(decodeCluster(before), some)
        await load(text)
        const change = engine.apply([...decodeCluster(before).map(removal), ...decodeCluster(after).map(put)])
        const next = (generation % 1000) + 1
        for (const transaction of planTransactions(change, engine.view, some, next)) await load(transaction)
        const left = { ruleset: engine.ruleset(), options: some, generation: change.narrows ? next : generation }
        expect(await standingDifference(lab, 'node-1', left)).toBeUndefined()
        const fresh = compile(decodeCluster(after), some)
        expect(await standingDifference(lab, 'node-1', { ...left, ruleset: fresh.ruleset })).toBeUndefined()
      }),
      lawParameters<[RawCluster, RawCluster, RulesetOptions]>(15),
    )
  })

  test.each(['0xfff00000', '0x0000ff00', '0x0000000f', '0x00000001', '0x80000000', '0xffffffff'])(
    'under the mask %s the rules of every generation are read back as they were written',
    async (mask) => {
      const markMask = Number(mask)
      const some = { ...DEFAULT_OPTIONS, markMask }
      const rules = generationsOf(markMask).flatMap((each) =>
        generationChains(some, each).flatMap((chain) => chain.rules.map(({ text }) => text)),
      )
      const marked = rules.filter((text) => text.startsWith('ct mark'))
      await load(`table inet selvedge {\nchain allow {\n${marked.join('\n')}\n}\n}\n`)
      const listing: unknown = JSON.parse(await lab.nft('node-1', ['-j', 'list', 'table', 'inet', 'selvedge']))
      const read = readRuleset(listing)
        ?.ruleset.chains.get('allow')
        ?.rules.map(({ text }) => text)
      const wrong = marked.flatMap((written, index) =>
        read?.[index] === written ? [] : { written, read: read?.[index] },
      )
      expect(wrong).toEqual([])
      expect(marked.length).toBe(2 * generationsOf(markMask).length)
    },
  )

  test('a text that nft refuses leaves what stands as it is', async () => {
    const { text } = compile([])
    await load(text)
    const before = await list()
    await expect(load(`${text}add rule inet selvedge nowhere drop\n`)).rejects.toThrow(LabCommandError)
    expect(await list()).toBe(before)
  })

  test.each([
    ['a rule is gone', (text: string) => text.replace('goto refuse-silently', '')],
    ['a rule is another', (text: string) => text.replace('counter drop', 'counter accept')],
    ['an element is missing', (text: string) => text.replace(/elements = \{ [^,}]+, /, 'elements = { ')],
    ['a chain is one too many', (text: string) => `${text}add chain inet selvedge surplus\n`],
    ['a set is one too many', (text: string) => `${text}add set inet selvedge surplus { type ipv4_addr; }\n`],
    ['its rules say what ours never do', (text: string) => `${text}add rule inet selvedge allow meta mark set 7\n`],
  ])('the difference is not empty when %s', async (_, edit) => {
    const input = readInput({ filename: [join(EXAMPLES, 'two-nodes')], namespace: 'default', podCidr: '10.244.0.0/16' })
    const compiled = compile(input?.objects ?? [])
    const edited = edit(compiled.text)
    expect(edited).not.toBe(compiled.text)
    await load(edited)
    expect(await differenceFrom(compiled)).toBeDefined()
  })
})

/** All of them, where they are few enough; otherwise the ends and some in the middle. */
function generationsOf(markMask: number): readonly number[] {
  const highest = highestGeneration(markMask)
  if (highest <= 0xfff) return Array.from({ length: highest }, (_, index) => index + 1)
  return [1, 2, 3, 0xff, 0x1234, 0xffff, 0x8dd15033, highest - 1, highest]
}

interface Compiled {
  readonly engine: Engine
  readonly ruleset: ReturnType<Engine['ruleset']>
  readonly options: RulesetOptions
  readonly generation: number
  readonly text: string
}

function compile(objects: readonly ClusterObject[], some: RulesetOptions = DEFAULT_OPTIONS): Compiled {
  const engine = createEngine({ isLocal: () => true, ruleset: some })
  engine.apply(objects.map(put))
  const ruleset = engine.ruleset()
  const generation = contentGeneration(ruleset, some)
  return { engine, ruleset, options: some, generation, text: rulesetText(ruleset, some, generation) }
}

function put(object: ClusterObject): Change {
  return { type: 'put', object }
}

function removal(object: ClusterObject): Change {
  const { kind, name } = object
  return { type: 'remove', kind, namespace: object.kind === 'Namespace' ? '' : object.namespace, name }
}
