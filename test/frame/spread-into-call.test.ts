import { expect, test } from 'vitest'
import { runOxlint } from '../support/run-oxlint.ts'

const RULE = 'selvedge(no-spread-into-call)'
const FOUND = {
  push: 'list.push(...more)',
  lines: 'list.push(\n  1,\n  ...more\n    .map((each) => each + 1)\n    .filter(Boolean),\n)',
  most: 'export const most = Math.max(0, ...more)',
  made: 'export const made = new Set<number>(...[[...more]], ...more)',
  chained: 'export const chained = holder?.list.concat(...more)',
  inside: 'export const inside = [...more.map((each) => Math.min(...[each, ...more]))]',
}
const FREE = {
  array: 'export const all = [...list, ...more]',
  object: 'export const whole = { ...holder }',
  literal: 'list.push(...[1, 2, 3])',
  choice: 'list.push(...(more.length === 0 ? [] : [1]))',
  rest: 'export const count = (...all: readonly number[]) => all.length',
  excused: '// oxlint-disable-next-line selvedge/no-spread-into-call -- at most two\nlist.push(...more)',
}
const around = (text: string) =>
  `declare const list: number[]\ndeclare const more: number[]\nexport declare const holder: { list: number[] } | undefined\nexport const use = [list, more]\n${text}\n`

test('a list spread into a call is found wherever the product is, over lines too, and nothing else is', async () => {
  const files: Record<string, string> = {}
  const wrong: string[] = []
  for (const room of [
    'compiler/graph',
    'compiler/engine',
    'compiler/nftables',
    'src/agent',
    'src/views/page/browser',
    'bin',
  ]) {
    for (const [name, text] of Object.entries(FOUND)) {
      files[`${room}/${name}.ts`] = around(text)
      wrong.push(`${room}/${name}.ts`)
    }
    for (const [name, text] of Object.entries(FREE)) files[`${room}/${name}.ts`] = around(text)
  }
  const found = (await runOxlint(files)).filter(({ rule }) => rule === RULE).map(({ file }) => file)
  expect([...new Set(found)].sort()).toEqual(wrong.sort())
})
