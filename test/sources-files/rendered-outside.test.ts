import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
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

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')

// Kustomize finds ../../ws2 in the first ones, and what came of it would have been rendered.
test.each([
  ['base64', 'resources: [!!binary Li4vLi4vd3My]\n'],
  ['UTF-16, little end first', utf16('resources: [../../ws2]\n')],
  ['UTF-16, big end first', utf16('resources: [../../ws2]\n').swap16()],
  ['the mark of UTF-8', '\ufeffresources: [../../ws2]\n'],
  ['a comment that ends with U+2028', '# x\u2028resources: [../../ws2]\n'],
  ['a comment that ends with U+0085', '# x\u0085resources: [../../ws2]\n'],
  ['a comment that ends with a carriage return', '# x\rresources: [../../ws2]\n'],
  ['no UTF-8', Buffer.from('resources: [../../ws2] # \xff\n', 'latin1')],
  ['a text over two lines', 'resources:\n- "../\\\n  \t../ws2"\n'],
  ['words over two lines', 'resources: [..\n  /../ws2]\n'],
  ['an indentation that is given', 'namePrefix: |1-\n  x\nresources: []\n'],
  ['a tag that says nothing', 'resources: [! a]\n'],
  ['a tag of a list', 'resources: !!seq [a]\n'],
  ['a tag that nobody knows', 'resources: !a [a]\n'],
  ['an anchor', 'resources: [&a b]\n'],
  ['an anchor of a list', 'resources: &a:b [b]\n'],
  ['an alias', 'resources: [*a]\n'],
  ['a directive that nobody knows', '%A b\n---\nresources: []\n'],
  ['a key twice', 'resources: []\nresources: []\n'],
  ['no YAML', 'resources: [\n'],
])('a kustomization is refused where kustomize may read another one: %s', (_, text) => {
  const folder = temporaryFolder({ 'w/c/p.yaml': '', 'ws2/kustomization.yaml': '' })
  writeFileSync(join(folder, 'w', 'c', 'kustomization.yaml'), text)
  expect(renderedOutside(join(folder, 'w'), [join(folder, 'w', 'c')])?.replaceAll(folder, '')).toBe(
    '/w/c/kustomization.yaml: may name other bases to kustomize than are found in it here, and is not rendered; ' +
      'write it in UTF-8 without tags, anchors, odd line breaks, and quotes or words over several lines',
  )
})

test('a kustomization as people write it is none of these', () => {
  const usual = `# ä
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [p.yaml, "../base"]
patches:
- target: {kind: 'Deployment'}
  patch: |-
    - op: replace
      path: /spec/replicas
      value: 2
- path: >
    p.yaml
images: [{name: a, newTag: 1.0}]
`
  for (const text of [
    usual,
    usual.replaceAll('\n', '\r\n'),
    `---\n${usual}`,
    '',
    '# nothing\n',
    '{"resources":["p.yaml"]}',
  ])
    expect(said({ 'c/kustomization.yaml': text, 'base/kustomization.yaml': '' })).toBe(undefined)
})

test('where nothing can be read, nothing is rendered', () => {
  const folder = temporaryFolder({})
  mkdirSync(join(folder, 'w'))
  expect(renderedOutside(join(folder, 'w'), [join(folder, 'w', 'c')])).toMatch(
    /: cannot be read: no such file or directory$/,
  )
})
