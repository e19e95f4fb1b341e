import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { selvedge } from './run-selvedge.ts'

/*
 * Small inputs after public reports, as they lie in people's repositories: `cases/NAME/case.json` says where each comes from,
 * what is right and why, and what a run must say.
 */

interface Check {
  readonly args: readonly string[]
  readonly exit: number
  readonly stdout: string | null
  readonly stderr: string | null
  /** Must not stand in what is printed on either stream. */
  readonly not: string | null
}

const CASES = join(PROJECT_ROOT, 'test', 'cli', 'cases')
const NAMES = [
  'a-directory-as-it-lies-in-git',
  'generate-name',
  'job-name-label',
  'one-namespace-in-two-files',
  'other-engines-in-one-chart',
  'pods-made-by-an-operator',
  'slash-zero',
  'statefulset-ordinal-labels',
  'yaml-as-kubectl-reads-it',
]

describe.each(NAMES)('%s', (name) => {
  const cwd = join(CASES, name)
  const { checks } = JSON.parse(readFileSync(join(cwd, 'case.json'), 'utf8')) as { checks: readonly Check[] }

  test.each(checks.map((check) => [check.args.join(' '), check] as const))('%s', async (_, check) => {
    const { exitCode, stdout, stderr } = await selvedge(check.args, { cwd })
    expect({ exitCode, stderr }).toEqual({ exitCode: check.exit, stderr: expect.any(String) as string })
    if (check.stdout !== null) expect(stdout).toMatch(pattern(check.stdout))
    if (check.stderr !== null) expect(stderr).toMatch(pattern(check.stderr))
    if (check.not !== null) expect(stdout + stderr).not.toMatch(pattern(check.not))
  })
})

/** `(?i)` and `(?s)` in front, as other languages write it. */
function pattern(text: string): RegExp {
  const [, flags = '', rest = text] = /^\(\?([is]+)\)(.*)$/s.exec(text) ?? []
  return new RegExp(rest, flags)
}
