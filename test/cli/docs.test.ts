import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'

const SEMANTICS = readFileSync(join(PROJECT_ROOT, 'docs', 'semantics.md'), 'utf8')

/** A test as a document names it: a link to its file, then its title in backticks. */
interface NamedTest {
  readonly file: string
  readonly title: string
}

/** `[x](../test/file): \`one\`; \`two\`` are two tests of that file. */
function namedTests(text: string): readonly NamedTest[] {
  const groups = text.matchAll(/\[[^\]]+\]\(\.\.\/(test\/[^)]+\.test\.ts)\):((?:;?\s*`[^`]+`)+)/g)
  return [...groups].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/`([^`]+)`/g)].map(([, title = '']) => ({ file, title })),
  )
}

/** Rows of the tables, without their heads. */
function rows(text: string): readonly { readonly question: string; readonly heldBy: string }[] {
  return text.split('\n').flatMap((line) => {
    const [, question = '', , heldBy = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim())
    return line.startsWith('|') && !/^(Question|-+)$/.test(question) ? [{ question, heldBy }] : []
  })
}

/** Does the file have a string that is the title, as written there? */
function exists({ file, title }: NamedTest): boolean {
  const path = join(PROJECT_ROOT, file)
  if (!existsSync(path)) return false
  const text = readFileSync(path, 'utf8')
  return [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`, `\`${title}\``].some((literal) => text.includes(literal))
}

test('every test that docs/semantics.md names exists', () => {
  const named = namedTests(SEMANTICS)
  expect(named.filter((one) => !exists(one))).toEqual([])
  expect(named.length).toBeGreaterThan(80)
})

test('every row of docs/semantics.md names a test, or says that it has none', () => {
  const all = rows(SEMANTICS)
  const without = all.filter(({ heldBy }) => namedTests(heldBy).length === 0)
  expect(all.length).toBeGreaterThan(29)
  expect(without).toEqual([{ question: 'Spoofed source addresses', heldBy: '**no test**: nothing is promised' }])
})

test('nothing in its last column escapes the check', () => {
  for (const { heldBy } of rows(SEMANTICS)) {
    const spans = [...heldBy.matchAll(/`[^`]+`/g)].length
    expect({ heldBy, spans: namedTests(heldBy).length }).toEqual({ heldBy, spans })
  }
})

test('the check itself sees a wrong title, a wrong file, and a part of a title', () => {
  const named = (file: string, title: string) => namedTests(`[x](../test/frame/${file}.test.ts): \`${title}\``)
  const right = named('links', 'every link of every document leads to something in the project')
  expect(right.map(exists)).toEqual([true])
  const wrong = [
    ...named('links', 'every link of every document'),
    ...named('links', 'leads to something in the project'),
    ...named('nothing', 'every link of every document leads to something in the project'),
  ]
  expect(wrong.map(exists)).toEqual([false, false, false])
})
