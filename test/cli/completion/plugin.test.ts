import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { PROJECT_ROOT } from '../../support/project-root.ts'

/** A folder as npm's: links by the names of package.json's bin. */
const bin = mkdtempSync(join(tmpdir(), 'selvedge-plugin-'))
afterAll(() => rmSync(bin, { recursive: true, force: true }))
for (const name of ['selvedge', 'kubectl-selvedge', 'kubectl_complete-selvedge']) {
  symlinkSync(join(PROJECT_ROOT, 'bin', 'selvedge.js'), join(bin, name))
}

const env = { ...process.env, PATH: `${bin}:${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}` }
const run = (file: string, ...args: readonly string[]) =>
  spawnSync(join(bin, file), args, { encoding: 'utf8', env, timeout: 60_000 })

test('by its plugin name it says what was typed', () => {
  expect(run('kubectl-selvedge', 'lint', '--help').stdout).toMatch(/^Usage: kubectl selvedge lint /)
  expect(run('kubectl-selvedge', '--help').stdout).toMatch(/^Usage: kubectl selvedge /)
  expect(run('selvedge', 'lint', '--help').stdout).toMatch(/^Usage: selvedge lint /)
})

test.each<[readonly string[], readonly string[]]>([
  [['exp'], ['explain', ':4']],
  [
    ['lint', '--outp'],
    ['--output', ':4'],
  ],
  [
    ['graph', '--by', 'n'],
    ['namespace', ':4'],
  ],
  [['compile', '-f', './po'], [':0']],
  [['status', '--vers'], [':4']],
  [['denied', '--from', ''], [':4']],
  [['nothing', '--version'], [':4']],
])('completes %j to %j', (words, expected) => {
  const { stdout, stderr } = run('kubectl_complete-selvedge', ...words)
  expect(stderr).toBe('')
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')[0]),
  ).toEqual(expected)
})

const { error } = spawnSync('kubectl', ['version', '--client'], { env })
describe.skipIf(error !== undefined)(`kubectl${error === undefined ? '' : ' (not in PATH)'}`, () => {
  const kubectl = (...args: readonly string[]) => spawnSync('kubectl', args, { encoding: 'utf8', env, timeout: 60_000 })

  test('runs the plugin, and ends as it ends', () => {
    expect(kubectl('selvedge', 'explain', '--help').stdout).toMatch(/^Usage: kubectl selvedge explain /)
    expect(kubectl('selvedge', 'lint', '-f', join(PROJECT_ROOT, 'no', 'such')).status).toBe(2)
  })

  test('asks it for what completes its words', () => {
    const { stdout } = kubectl('__complete', 'selvedge', 'comp')
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual(
      expect.arrayContaining(['compile', 'completion', ':4']),
    )
  })
})
