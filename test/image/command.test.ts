import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { afterAll, expect, test, vi } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { needsParts } from './needs-parts.ts'

vi.setConfig({ testTimeout: 300_000 })

const README = readFileSync(join(PROJECT_ROOT, 'deploy', 'image', 'README.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'selvedge-command-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** As a person types it: the Node of the machine, which may be an old one, and not the one that runs this test. */
function typed(words: readonly string[]) {
  const PATH = (process.env['PATH'] ?? '').split(delimiter).filter((one) => !one.includes('node_modules'))
  const [file = '', ...rest] = words
  return execa(file, rest, { cwd: PROJECT_ROOT, env: { PATH: PATH.join(delimiter) }, reject: false })
}

test('the command of the README that names everything runs with the Node of the machine', async (context) => {
  const line = /^ {4}(.*--architecture amd64 --output FOLDER --reference NAME:TAG)$/m.exec(README)?.[1] ?? ''
  const words = line.replace('FOLDER', folder).replace('NAME:TAG', 'localhost/tried:1').split(' ')
  const { exitCode, stdout, stderr } = await typed(words)
  // Without the parts it says so, by its own exit code.
  needsParts(context, exitCode === 3 ? stderr : undefined)
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
  const [, path = ''] = /^sha256:[0-9a-f]{64} (\S+-amd64\.tar)$/m.exec(stdout) ?? []
  expect(existsSync(path)).toBe(true)
  expect(existsSync(path.replace(/\.tar$/, '.spdx.json'))).toBe(true)
})

test.each([
  [
    'an architecture that there is no image for',
    ['--architecture', 'sparc'],
    /^build:image: no image for sparc; give amd64 or arm64$/,
  ],
  ['a flag that it does not have', ['--lock'], /^build:image: .*'--lock'.*$/],
])('%s is one line and exit 2', async (_, flags, said) => {
  const { exitCode, stderr } = await typed(['npm', 'run', '--silent', 'build:image', '--', ...flags])
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(said)
  expect(stderr.split('\n')).toHaveLength(1)
})
