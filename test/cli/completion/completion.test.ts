import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { printed, selvedge } from '../run-selvedge.ts'

const BASH = await printed(['completion', 'bash'])

/** What bash offers for a line whose last word is being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const line = words.map((word) => `'${word}'`).join(' ')
  const script = `${BASH}\nCOMP_WORDS=(selvedge ${line}); COMP_CWORD=${words.length}; _selvedge; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-euc', script], { encoding: 'utf8', cwd: temporaryFolder() })
    .split('\n')
    .filter(Boolean)
}

describe('bash', () => {
  test.each([
    [['ex'], ['explain']],
    [['compile', '--esta'], ['--established']],
    [
      ['compile', '-o', ''],
      ['nft', 'json'],
    ],
    [['lint', '--output', 's'], ['sarif']],
    [['graph', '--by', 'n'], ['namespace']],
    [['status', '--nothing'], []],
  ])('offers for %j: %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected)
  })

  test('files where a path is meant', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'policy.yaml'), '')
    expect(offered('compile', '-f', join(folder, 'po'))).toEqual([join(folder, 'policy.yaml')])
  })
})

test.each(['zsh', 'fish'])('%s reads its script without complaint, where that shell is there', async (shell) => {
  const { stdout, exitCode } = await selvedge(['completion', shell])
  expect(exitCode).toBe(0)
  for (const word of ['explain', 'established', 'rejudge', 'sarif']) expect(stdout).toContain(word)
  const script = join(temporaryFolder({ script: stdout }), 'script')
  const parsed = spawnSync(shell, ['-n', script], { encoding: 'utf8' })
  if (parsed.error === undefined) expect(parsed).toMatchObject({ status: 0, stderr: '' })
})

test('an unknown shell is bad usage', async () => {
  expect(await selvedge(['completion', 'tcsh'])).toMatchObject({ exitCode: 2, stdout: '' })
})
