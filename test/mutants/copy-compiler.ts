import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../support/project-root.ts'
import type { Fault } from './fault.ts'

/** What the laws need; the tests themselves do not come along. */
const PARTS = [
  'package.json',
  'compiler',
  'docs/lint.md',
  'src/agent',
  'src/kernel',
  'test/arbitraries',
  'test/explain',
  'test/interpreter',
  'test/laws',
  'test/lint-rules',
  'test/mutants',
  'test/oracle',
  'test/policy-test',
]

/** A copy of the compiler, of the agent's own parts and of their laws in a folder that is gone when it is disposed of. */
export function copyCompiler(): { readonly folder: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-mutant-'))
  for (const part of PARTS) {
    cpSync(join(PROJECT_ROOT, part), join(folder, part), {
      recursive: true,
      filter: (path) => !path.endsWith('.test.ts'),
    })
  }
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'))
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Puts the fault in. Its text must stand there once, so that no fault vanishes when the compiler changes. */
export function putFault(folder: string, { room = 'compiler', file, find, replace }: Fault): void {
  const path = join(folder, room, file)
  const parts = readFileSync(path, 'utf8').split(find)
  if (parts.length !== 2) throw new Error(`stands ${parts.length - 1} times in ${room}/${file}, not once: ${find}`)
  writeFileSync(path, parts.join(replace))
}
