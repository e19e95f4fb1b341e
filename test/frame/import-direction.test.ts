import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { type LintFinding, runOxlint } from '../support/run-oxlint.ts'

// Each row may import from its own and from the rows above it.
const ROWS: readonly (readonly string[])[] = [
  ['compiler/addresses'],
  ['compiler/objects'],
  ['compiler/selectors'],
  ['compiler/graph'],
  ['compiler/nftables'],
  ['compiler/engine'],
  ['compiler/cluster'],
  ['compiler/reach', 'compiler/explain', 'compiler/lint'],
  ['compiler/policy-test', 'compiler/flows'],
  ['compiler/suggest'],
  ['src/kernel', 'src/sources', 'src/views', 'src/telemetry', 'src/lab'],
  ['src/agent'],
  ['src/demo'],
  ['src/cli'],
  ['test'],
]
const COMPILER_ROOMS = ROWS.flat().filter((room) => room.startsWith('compiler/'))
// What does no I/O and keeps no time: the only packages that compiler/ may use.
const PURE_PACKAGES = ['@noble/hashes', 'yaml']
const RESTRICTED = 'eslint(no-restricted-imports)'

const imports = (path: string) => `export { value } from '${path}'\n`

function filesWith(findings: readonly LintFinding[], rule: string): readonly string[] {
  return [...new Set(findings.filter((finding) => finding.rule === rule).map(({ file }) => file))].sort()
}

test('every import to the right is found, and no import to the left', async () => {
  const files: Record<string, string> = {}
  const wrong: string[] = []
  for (const [row, rooms] of ROWS.entries()) {
    for (const room of rooms) {
      files[`${room}/value.ts`] = 'export const value = 1\n'
      for (const [otherRow, others] of ROWS.entries()) {
        for (const other of others) {
          const file = `${room}/inside/from-${other.replace('/', '-')}.ts`
          files[file] = imports(`${'../'.repeat(room.split('/').length + 1)}${other}/value.ts`)
          if (otherRow > row) wrong.push(file)
        }
      }
    }
  }
  expect(filesWith(await runOxlint(files), RESTRICTED)).toEqual(wrong.sort())
})

test('an import to the right is found from a file of the room itself, of a type, and when it waits', async () => {
  const files = {
    'compiler/graph/value.ts': 'export const value = 1\n',
    'compiler/objects/direct.ts': imports('../graph/value.ts'),
    'compiler/objects/type.ts': `import type { value } from '../graph/value.ts'\nexport type Value = typeof value\n`,
    'compiler/objects/later.ts': `export const later = () => import('../graph/value.ts')\n`,
  }
  const wrong = ['compiler/objects/direct.ts', 'compiler/objects/later.ts', 'compiler/objects/type.ts']
  expect(filesWith(await runOxlint(files), RESTRICTED)).toEqual(wrong)
})

test('the oracle may import neither compiler/ nor src/, other tests may', async () => {
  const files = {
    'compiler/graph/value.ts': 'export const value = 1\n',
    'src/kernel/value.ts': 'export const value = 1\n',
    'test/support/value.ts': 'export const value = 1\n',
    'test/oracle/a.ts': imports('../../compiler/graph/value.ts'),
    'test/oracle/b.ts': imports('../../src/kernel/value.ts'),
    'test/oracle/c.ts': imports('../support/value.ts'),
    'test/graph/a.ts': imports('../../compiler/graph/value.ts'),
    'test/graph/b.ts': imports('../oracle/c.ts'),
  }
  expect(filesWith(await runOxlint(files), RESTRICTED)).toEqual(['test/oracle/a.ts', 'test/oracle/b.ts'])
})

test('compiler/ may use pure packages only, whatever package.json comes to list', async () => {
  const manifest = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  const files: Record<string, string> = {}
  const wrong: string[] = []
  for (const room of COMPILER_ROOMS) {
    for (const [index, name] of Object.keys(manifest.dependencies).entries()) {
      const file = `${room}/package-${index}.ts`
      files[file] = imports(name)
      if (!PURE_PACKAGES.includes(name)) wrong.push(file)
    }
  }
  expect(wrong.length).toBeGreaterThan(0)
  expect(filesWith(await runOxlint(files), RESTRICTED)).toEqual(wrong.sort())
})

test('compiler/ reaches neither Node nor clock nor chance; src/ may', async () => {
  const impure = {
    'node-module': `export { readFileSync } from 'node:fs'\n`,
    'bare-module': `export { join } from 'path'\n`,
    process: 'export const value = process.argv\n',
    clock: 'export const value = Date.now()\n',
    date: 'export const value = new Date()\n',
    chance: 'export const value = Math.random()\n',
    timer: 'export const value = setTimeout(String, 1)\n',
  }
  const files: Record<string, string> = {}
  for (const room of [...COMPILER_ROOMS, 'src/kernel']) {
    for (const [name, text] of Object.entries(impure)) files[`${room}/${name}.ts`] = text
  }
  const found = new Set((await runOxlint(files)).map(({ file }) => file))
  const missed = Object.keys(files).filter((file) => file.startsWith('compiler/') && !found.has(file))
  // In src/ only the import without `node:` is a finding.
  const tooMuch = [...found].filter((file) => file.startsWith('src/') && !file.includes('bare-module'))
  expect({ missed, tooMuch }).toEqual({ missed: [], tooMuch: [] })
})

test('a cycle is found, of values and of types alone', async () => {
  const files = {
    'compiler/graph/one.ts': `import { two } from './two.ts'\nexport const one = () => two\n`,
    'compiler/graph/two.ts': `import { one } from './one.ts'\nexport const two = () => one\n`,
    'src/agent/one.ts': `import type { Two } from './two.ts'\nexport type One = Two | 1\n`,
    'src/agent/two.ts': `import type { One } from './one.ts'\nexport interface Two {\n  readonly one: One\n}\n`,
    'src/agent/three.ts': imports('./one.ts'),
  }
  const wrong = ['compiler/graph/one.ts', 'compiler/graph/two.ts', 'src/agent/one.ts', 'src/agent/two.ts']
  expect(filesWith(await runOxlint(files), 'import(no-cycle)')).toEqual(wrong)
})

test('rules that need types are at work: a promise left alone, a switch with a hole', async () => {
  const files = {
    'src/agent/promise.ts': `async function work(): Promise<void> {}\nexport function start(): void {\n  work()\n}\n`,
    'src/agent/hole.ts': `export function name(kind: 'a' | 'b'): string {\n  switch (kind) {\n    case 'a':\n      return 'x'\n  }\n  return ''\n}\n`,
  }
  const findings = await runOxlint(files)
  expect(filesWith(findings, 'typescript(no-floating-promises)')).toEqual(['src/agent/promise.ts'])
  expect(filesWith(findings, 'typescript(switch-exhaustiveness-check)')).toEqual(['src/agent/hole.ts'])
})
