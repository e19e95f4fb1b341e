import { readFileSync } from 'node:fs'
import { execaSync } from 'execa'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { describeKernel } from './describe-kernel.ts'
import { applyTransaction, createTable, type Table } from './interpreter.ts'
import { ACCEPTED, REFUSED, STANDING, STRICTER, type TextCase } from './texts.ts'

const sample = (name: string) => readFileSync(`${import.meta.dirname}/${name}`, 'utf8')

const CASES: readonly TextCase[] = [
  ...ACCEPTED,
  { name: 'a whole ruleset', before: '', text: sample('sample.nft') },
  { name: 'a transaction', before: sample('sample.nft'), text: sample('sample-transaction.nft') },
]

/** Loads each case into an empty ruleset of a namespace that dies with the command. */
const SCRIPT = `for case in "$0"/*; do
  nft flush ruleset
  nft -f "$case/before" || exit 9
  nft -f "$case/text" > "$case/answer" 2>&1
  echo $? > "$case/status"
  nft -j list table inet selvedge > "$case/listing" 2> /dev/null || true
done`

interface Answer {
  readonly accepted: boolean
  readonly message: string
  /** Rules of each chain, elements of each set. */
  readonly counts: Readonly<Record<string, number>>
}

interface Listing {
  readonly nftables?: readonly {
    readonly chain?: { readonly name: string }
    readonly rule?: { readonly chain: string }
    readonly set?: { readonly name: string; readonly elem?: readonly unknown[] }
    readonly map?: { readonly name: string; readonly elem?: readonly unknown[] }
  }[]
}

function askNft(cases: readonly TextCase[]): ReadonlyMap<string, Answer> {
  const number = (index: number) => `${index}`.padStart(4, '0')
  const files = cases.flatMap(({ before = STANDING, text }, index) => [
    [`${number(index)}/before`, before],
    [`${number(index)}/text`, text],
  ])
  const folder = temporaryFolder(Object.fromEntries(files) as Record<string, string>)
  execaSync('unshare', ['--net', 'sh', '-c', SCRIPT, folder], { timeout: 110_000, env: { LC_ALL: 'C' } })
  return new Map(
    cases.map(({ name }, index) => {
      const read = (file: string) => readFileSync(`${folder}/${number(index)}/${file}`, 'utf8')
      const accepted = read('status') === '0\n'
      return [name, { accepted, message: read('answer'), counts: accepted ? countListing(read('listing')) : {} }]
    }),
  )
}

function countListing(text: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  // Nothing is printed when the text took the table away.
  if (text === '') return counts
  for (const { chain, rule, set, map } of (JSON.parse(text) as Listing).nftables ?? []) {
    if (chain !== undefined) counts[`chain ${chain.name}`] = 0
    if (rule !== undefined) counts[`chain ${rule.chain}`] = (counts[`chain ${rule.chain}`] ?? 0) + 1
    const held = set ?? map
    if (held !== undefined) counts[`set ${held.name}`] = held.elem?.length ?? 0
  }
  return counts
}

function countTable({ state }: Table): Readonly<Record<string, number>> {
  const chains = [...(state?.chains.values() ?? [])].map(({ name, rules }) => [`chain ${name}`, rules.length] as const)
  const sets = [...(state?.sets.values() ?? [])].map(({ name, elements }) => [`set ${name}`, elements.size] as const)
  return Object.fromEntries([...chains, ...sets])
}

describeKernel('the real nft', () => {
  test('accepts what the interpreter accepts, and then has as many rules and elements', () => {
    const answers = askNft(CASES)
    for (const { name, before = STANDING, text } of CASES) {
      const table = createTable()
      if (before !== '') applyTransaction(table, before)
      applyTransaction(table, text)
      expect.soft({ name, ...answers.get(name) }).toMatchObject({ name, accepted: true, message: '' })
      expect.soft({ name, ...answers.get(name)?.counts }).toEqual({ name, ...countTable(table) })
    }
  })

  test('refuses what the interpreter refuses', () => {
    const answers = askNft(REFUSED)
    const accepted = REFUSED.filter(({ name }) => answers.get(name)?.accepted !== false).map(({ name }) => name)
    expect(accepted).toEqual([])
  })

  test('the interpreter is stricter in these cases only; another kernel or nft may refuse them too', () => {
    const answers = askNft(STRICTER)
    const refused = STRICTER.filter(({ name }) => answers.get(name)?.accepted !== true)
    expect(refused.map(({ name }) => `${name}: ${answers.get(name)?.message}`)).toEqual([])
  })
})
