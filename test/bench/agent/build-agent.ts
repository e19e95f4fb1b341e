import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mustRun } from '../../../src/lab/run-command.ts'
import { PROJECT_ROOT } from '../../support/project-root.ts'

/** The program as it ships: run from its sources it would carry the memory of the type stripper. */
export interface BuiltAgent extends AsyncDisposable {
  /** To run by Node. */
  readonly main: string
}

/** Builds it into a folder of its own, so that nobody changes it while it is measured. */
export async function buildAgent(): Promise<BuiltAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-bench-build-'))
  const close = async (): Promise<void> => rmSync(folder, { recursive: true, force: true })
  try {
    symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'))
    copyFileSync(join(PROJECT_ROOT, 'package.json'), join(folder, 'package.json'))
    await mustRun([process.execPath, join(PROJECT_ROOT, 'scripts', 'build.ts'), join(folder, 'dist')])
  } catch (error) {
    await close()
    throw error
  }
  return { main: join(folder, 'dist', 'cli', 'main.js'), [Symbol.asyncDispose]: close }
}
