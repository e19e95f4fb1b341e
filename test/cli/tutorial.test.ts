import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { describeUnavailable } from '../../src/lab/describe-unavailable.ts'
import { missingAloud } from '../support/missing-aloud.ts'
import { pagePattern } from '../support/page-pattern.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { MAIN } from './run-selvedge.ts'

interface Step {
  readonly command: string
  /** Lines that it prints; `…` stands for any number of them. */
  readonly printed: readonly string[]
}

/** The commands of all console blocks, in order, each with what stands below it. */
function stepsOf(markdown: string): readonly Step[] {
  const blocks = [...markdown.matchAll(/^```console\n([^]*?)^```$/gm)].map(([, block = '']) => block)
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((step) => {
        const [command = '', ...printed] = step.replace(/\n$/, '').split('\n')
        return { command, printed }
      }),
  )
}

const STEPS = stepsOf(readFileSync(join(PROJECT_ROOT, 'docs', 'tutorial.md'), 'utf8'))

test('what the tutorial says is what a newcomer sees, from start to finish', { timeout: 180_000 }, async () => {
  const folder = temporaryFolder({
    'bin/selvedge': `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`,
  })
  symlinkSync(join(PROJECT_ROOT, 'examples'), join(folder, 'examples'))
  const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1' }
  expect(STEPS.length).toBeGreaterThan(8)
  for (const { command, printed } of STEPS) {
    if (command.includes('selvedge demo') && !mayUseLab(command)) continue
    const { all } = await execa('bash', ['-c', command], { cwd: folder, env, all: true, reject: false })
    expect(all, command).toMatch(pagePattern(printed.join('\n')))
  }
})

/** Where packets cannot be sent, that step is left out, loudly; under CI it fails. */
function mayUseLab(command: string): boolean {
  const reason = describeUnavailable()
  if (reason !== undefined) missingAloud(command, reason)
  return reason === undefined
}
