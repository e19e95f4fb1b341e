import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../support/project-root.ts'

/** The sources of some folders, as text. */
export function sourceFiles(
  ...folders: readonly string[]
): readonly { readonly path: string; readonly text: string }[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/*.ts`, { cwd: PROJECT_ROOT }))
    .map((path) => ({ path, text: readFileSync(join(PROJECT_ROOT, path), 'utf8') }))
}
