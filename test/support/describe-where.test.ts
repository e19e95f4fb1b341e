import { execa } from 'execa'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from './project-root.ts'
import { temporaryFolder } from './temporary-folder.ts'

const WHERE = join(PROJECT_ROOT, 'test', 'support', 'describe-where.ts')
const VITEST = join(PROJECT_ROOT, 'node_modules', 'vitest', 'vitest.mjs')

/** A run of two groups, of which the second wants something that is not there. */
async function run(
  CI: string,
  options = '{}',
): Promise<{ readonly exitCode: number | undefined; readonly said: string }> {
  const tests = `import { describeWhere } from ${JSON.stringify(WHERE)}
import { expect, test } from 'vitest'
describeWhere(undefined, 'here', () => { test('runs', () => expect(1).toBe(1)) })
describeWhere('no such thing', 'elsewhere', () => { test('ran all the same', () => expect(1).toBe(1)) }, ${options})
`
  const folder = temporaryFolder({ 'a.test.ts': tests, 'package.json': '{"type":"module"}' })
  const env = { CI, NO_COLOR: '1' }
  const { exitCode, all } = await execa(process.execPath, [VITEST, 'run', '--root', folder, '--reporter', 'verbose'], {
    env,
    all: true,
    reject: false,
  })
  return { exitCode, said: all }
}

test('what is missing is skipped aloud, with CI=true it fails, and what is there runs', async () => {
  const [here, ci, optional] = [await run(''), await run('true'), await run('true', '{ required: false }')]
  for (const { exitCode, said } of [here, optional]) {
    expect(exitCode).toBe(0)
    expect(said).toContain('SKIPPED: elsewhere: no such thing')
    expect(said).toMatch(/Tests +1 passed \| 1 skipped/)
  }
  expect(ci.exitCode).toBe(1)
  expect(ci.said).toMatch(/Error: no such thing/)
  expect(ci.said).toMatch(/Tests +1 failed \| 1 passed/)
})
