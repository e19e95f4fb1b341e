import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder, writeFileAt } from '../support/temporary-folder.ts'

const MANIFEST = { packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } }
const ONE = { 'node_modules/a': { version: '1.0.0' } }
const here = { optional: true, version: '2.0.0', os: [process.platform], cpu: process.arch }
const elsewhere = { optional: true, version: '2.0.0', os: 'plan9', cpu: ['pdp11'] }

test.each([
  ['nothing is installed', MANIFEST.packages, undefined, 1],
  ['all is in place', MANIFEST.packages, ONE, 0],
  ['another version is installed', MANIFEST.packages, { 'node_modules/a': { version: '1.0.1' } }, 1],
  ['the lockfile has one more', { ...ONE, 'node_modules/b': { version: '2.0.0' } }, ONE, 1],
  ['one too many is installed', {}, ONE, 1],
  ['an optional one for this machine is missing', { ...ONE, 'node_modules/b': here }, ONE, 1],
  ['an optional one for another machine is missing', { ...ONE, 'node_modules/b': elsewhere }, ONE, 0],
] as const)('%s', async (_name, wanted, installed, exitCode) => {
  const folder = temporaryFolder({ 'package-lock.json': JSON.stringify({ packages: wanted }) })
  if (installed !== undefined) {
    writeFileAt(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }))
    writeFileAt(join(folder, 'node_modules/a/package.json'), '{}')
  }
  expect(await compare(folder)).toBe(exitCode)
})

test('a folder was deleted by hand', async () => {
  const folder = temporaryFolder({ 'package-lock.json': JSON.stringify(MANIFEST) })
  mkdirSync(join(folder, 'node_modules'))
  copyFileSync(join(folder, 'package-lock.json'), join(folder, 'node_modules/.package-lock.json'))
  expect(await compare(folder)).toBe(1)
})

async function compare(folder: string): Promise<number | undefined> {
  const script = join(PROJECT_ROOT, 'scripts', 'packages-match-lockfile.js')
  return (await execa(process.execPath, [script, folder], { reject: false })).exitCode
}
