import { copyFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder, writeFileAt } from '../support/temporary-folder.ts'

interface Project {
  /** What the scripts of package.json and `scripts/setup` do, as shell commands. */
  readonly check?: string
  readonly test?: string
  readonly setup?: string
  /** Test files for the real vitest, which the default `test` runs. */
  readonly tests?: Readonly<Record<string, string>>
}

const VITEST = join(PROJECT_ROOT, 'node_modules', 'vitest', 'vitest.mjs')
const HEAD = `import { beforeAll, describe, expect, test } from 'vitest'\n`

function project({ check = 'true', test: testCommand, setup = '', tests = {} }: Project): string {
  const scripts = { check, test: testCommand ?? `"${process.execPath}" "${VITEST}" run` }
  const folder = temporaryFolder({
    'package.json': JSON.stringify({ type: 'module', private: true, scripts }),
    'scripts/setup': `#!/usr/bin/env bash\n${setup}\n`,
  })
  for (const path of ['.ci/run', 'vitest.config.ts', 'test/support/summary-reporter.ts']) {
    writeFileAt(join(folder, path), '')
    copyFileSync(join(PROJECT_ROOT, path), join(folder, path))
  }
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'))
  for (const [name, text] of Object.entries(tests)) writeFileAt(join(folder, 'test', name), HEAD + text)
  return folder
}

async function run(folder: string) {
  const result = await execa(join(folder, '.ci', 'run'), { reject: false, cwd: '/', input: 'unread', all: true })
  return { exitCode: result.exitCode, last: result.stdout.split('\n').at(-1), all: result.all }
}

const PASSES = `test('passes', () => expect(1).toBe(1))\n`

test('all passes: counts on the last line, exit 0', async () => {
  const tests = { 'a.test.ts': `${PASSES}test.skip('later', () => {})\ntest.todo('some day')\n`, 'b.test.ts': PASSES }
  expect(await run(project({ tests }))).toMatchObject({ exitCode: 0, last: 'tests: 2 passed, 0 failed, 2 skipped' })
})

test('a failing test fails the run', async () => {
  const tests = { 'a.test.ts': `${PASSES}test('fails', () => expect(1).toBe(2))\n` }
  expect(await run(project({ tests }))).toMatchObject({ exitCode: 1, last: 'tests: 1 passed, 1 failed, 0 skipped' })
})

test('errors outside of tests count as failed: a file that does not load, a hook, a rejection', async () => {
  const tests = {
    'load.test.ts': `throw new Error('at once')\n`,
    'hook.test.ts': `describe('x', () => {\n  beforeAll(() => { throw new Error('hook') })\n  ${PASSES}})\n`,
    'rejection.test.ts': `${PASSES}void Promise.reject(new Error('alone'))\n`,
  }
  expect(await run(project({ tests }))).toMatchObject({ exitCode: 1, last: 'tests: 1 passed, 3 failed, 1 skipped' })
})

test('a failing check fails the run, and the tests are counted all the same', async () => {
  const result = await run(project({ check: 'exit 7', tests: { 'a.test.ts': PASSES } }))
  expect(result).toMatchObject({ exitCode: 7, last: 'tests: 1 passed, 0 failed, 0 skipped' })
})

test('a run that counted nothing says so and keeps its exit status', async () => {
  const nothing = 'tests: 0 passed, 0 failed, 0 skipped'
  expect(await run(project({ test: 'exit 5' }))).toMatchObject({ exitCode: 5, last: nothing })
  const unready = await run(project({ setup: 'exit 3', check: 'echo checked', test: 'echo tested' }))
  expect(unready).toMatchObject({ exitCode: 3, last: nothing })
  expect(unready.all).not.toMatch(/checked|tested/)
})

test('the test command runs with CI=true, without stdin, in the project', async () => {
  const folder = project({ test: 'echo "CI=$CI stdin=$(cat) in=$PWD"' })
  const { all } = await run(folder)
  expect(all).toContain(`CI=true stdin= in=${folder}\n`)
})
