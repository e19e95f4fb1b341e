import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { renderedOutside } from '../../src/sources/files/rendered-outside.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CHART = { '.git/config': '[http] extraheader = secret\n', 'c/Chart.yaml': 'name: c\n', 'c/templates/p.yaml': '' }

/** What is said of `c` in a workspace with these files and links, less the workspace's name and the hint. */
function said(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}, path = 'c') {
  const folder = temporaryFolder({ ...CHART, ...files })
  for (const [from, to] of Object.entries(links)) symlinkSync(to, join(folder, from))
  return renderedOutside(folder, [join(folder, path)])
    ?.replaceAll(folder, 'W')
    .replace(/ leads out .*/, '')
}

test('a chart, and a kustomization with bases beside it, lie in the workspace', () => {
  expect(said({})).toBe(undefined)
  const files = {
    'c/kustomization.yaml': 'resources: [../base, p.yaml]\n',
    'base/kustomization.yaml': 'resources: [../c]\n',
  }
  expect(said(files)).toBe(undefined)
})

test.each([
  ['a file of any name, as Helm would read', 'c/note.txt', '../.git/config'],
  ['a folder', 'c/files', '/etc'],
  ['a hidden one', 'c/.files', '/'],
  ['the workspace, with the .git in it', 'c/templates/all', '../..'],
])('a link to %s is refused', (_, from, to) => {
  expect(said({}, { [from]: to })).toMatch(new RegExp(`^W/${from.replaceAll('.', String.raw`\.`)}(/\\.git)?:$`))
})

test('links that lead nowhere, in a circle, or to what lies inside, are none', () => {
  expect(said({}, { 'c/gone': './nothing', 'c/loop': 'loop', 'c/self': '.', 'c/inside': 'templates' })).toBe(undefined)
})

test('what is rendered holds no .git, be it a folder or a file', () => {
  expect(said({}, {}, '.')).toBe('W/.git:')
  expect(said({ 'c/.git': 'gitdir: ../.git\n' })).toBe('W/c/.git:')
})

test.each(['resources', 'bases', 'components', 'generators', 'transformers'])(
  '%s of a kustomization lie in the workspace, too, and have no .git',
  (field) => {
    const named = (word: string) => said({ 'c/kustomization.yml': `${field}: ["${word}"]\n` })
    expect(named('../../../../../../../../etc')).toMatch(/etc:$/)
    expect(named('..')).toMatch(/^W\/\.git:$/)
    // Its reader writes as it likes.
    expect(named(String.raw`\x2e\x2e`)).toMatch(/^W\/\.git:$/)
  },
)

test('a base of a base, too; a text that is no path is none', () => {
  const nested = { 'c/Kustomization': 'resources: [../base]\n', 'base/kustomization.yaml': 'bases: [../..]\n' }
  expect(said(nested)).toMatch(/^\/.*:$/)
  const odd = `commonAnnotations: {a: "\\0", b: "${'x'.repeat(5000)}"}\n`
  expect(said({ 'c/kustomization.yaml': odd })).toBe(undefined)
})

test('where nothing can be read, nothing is rendered', () => {
  const folder = temporaryFolder({})
  mkdirSync(join(folder, 'w'))
  expect(renderedOutside(join(folder, 'w'), [join(folder, 'w', 'c')])).toMatch(
    /: cannot be read: no such file or directory$/,
  )
})
