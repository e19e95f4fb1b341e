import { execa } from 'execa'
import { expect, test } from 'vitest'
import { whatNext } from '../../src/demo/page.ts'
import { MAIN, SHOP } from '../cli/run-selvedge.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'

/** What a file of that name begins with. */
const BEGINNINGS: Readonly<Record<string, RegExp>> = { html: /^<!doctype html>/i, svg: /^<svg /, json: /^\{/ }

test('each command that the demo tells at its end runs, and writes what the name of its file says', async () => {
  const commands = whatNext(SHOP, { color: false, width: 100 }).filter((line) => line.startsWith('   selvedge '))
  expect(commands.length).toBeGreaterThan(1)
  const written: string[] = []
  for (const line of commands) {
    const [command = '', file] = line.trim().split(' > ')
    const argv = command.split(' ').slice(1)
    const { exitCode, stdout } = await execa(process.execPath, [MAIN, ...argv], { cwd: PROJECT_ROOT, reject: false })
    // 1 is the answer `denied` of explain.
    expect(exitCode, line).toBe(argv[0] === 'explain' ? 1 : 0)
    if (file === undefined) continue
    written.push(file)
    expect(stdout, line).toMatch(BEGINNINGS[file.split('.').at(-1) ?? ''] ?? /^$/)
  }
  expect(written).toHaveLength(1)
})
