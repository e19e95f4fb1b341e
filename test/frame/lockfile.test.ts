import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'

interface Entry {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

// `npm install` leaves out of the lockfile what its registry did not have that day, and says nothing, where the
// package is optional. `npm ci` then refuses the whole lockfile, on every machine.
test('the lockfile has an entry for every package that it asks for, optional ones of other machines too', () => {
  const lockfile = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Entry>>
  }
  const missing: string[] = []
  for (const [path, entry] of Object.entries(lockfile.packages)) {
    for (const name of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
      if (!findable(path, name, lockfile.packages)) missing.push(`${path || 'package.json'} wants ${name}`)
    }
  }
  expect(missing).toEqual([])
})

/** As Node looks for it: beside the package, then in the node_modules of each folder above. */
function findable(path: string, name: string, packages: Readonly<Record<string, Entry>>): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if ([folder, 'node_modules', name].filter(Boolean).join('/') in packages) return true
    if (folder === '') return false
  }
}
