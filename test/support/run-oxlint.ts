import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { PROJECT_ROOT } from './project-root.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** One finding of the linter: the file, relative to the project, and the rule as `plugin(name)`. */
export interface LintFinding {
  readonly file: string
  readonly rule: string
}

/** What the project's lint command finds in a project that has our configuration and these files (path to text) only. */
export async function runOxlint(files: Readonly<Record<string, string>>): Promise<readonly LintFinding[]> {
  const folder = temporaryFolder(files)
  mkdirSync(join(folder, 'scripts'), { recursive: true })
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json', 'scripts/lint-plugin.ts']) {
    copyFileSync(join(PROJECT_ROOT, name), join(folder, name))
  }
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'))
  const oxlint = join(PROJECT_ROOT, 'node_modules', '.bin', 'oxlint')
  // The tops of the tree by name: a folder given as such is walked through the link to node_modules, too.
  const tops = new Set(Object.keys(files).map((path) => path.split('/')[0] ?? path))
  const { stdout } = await execa(process.execPath, [oxlint, '--type-aware', '-f', 'json', ...tops], {
    cwd: folder,
    reject: false,
  })
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { filename: string; code: string }[] }
  return diagnostics.map(({ filename, code }) => ({ file: filename, rule: code }))
}
