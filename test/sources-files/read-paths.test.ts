import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { printablePath } from '../../src/sources/files/printable-path.ts'
import { readBytes } from '../../src/sources/files/read-bytes.ts'
import { readPaths } from '../../src/sources/files/read-paths.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** What is read from a folder: names below it, and the lines that are told, without the folder's own name. */
function read(folder: string, ...paths: readonly string[]) {
  const { sources, diagnostics } = readPaths(paths.map((path) => join(folder, path)))
  return {
    files: sources.map(({ file }) => relative(folder, file)),
    told: diagnostics.map((diagnostic) => formatDiagnostic(diagnostic).replaceAll(folder, '').replace(/^\//, '')),
  }
}

test('a file is read whatever its name, in the order given', () => {
  const folder = temporaryFolder({ 'b.yaml': 'B', 'a.txt': 'A', '.hidden': 'H' })
  const { sources, diagnostics } = readPaths(['b.yaml', 'a.txt', '.hidden'].map((name) => join(folder, name)))
  expect(sources).toEqual([
    { file: join(folder, 'b.yaml'), text: 'B' },
    { file: join(folder, 'a.txt'), text: 'A' },
    { file: join(folder, '.hidden'), text: 'H' },
  ])
  expect(diagnostics).toEqual([])
})

test('a directory is read with its subfolders, by name, manifests only', () => {
  const names = ['a.yaml', 'b/a.json', 'b/b.yml', 'b-c.yaml', 'c/d/e/f.yaml', 'z.yaml']
  const others = [
    '.a.yaml',
    '.git/a.yaml',
    '#a.yaml',
    'a.yaml~',
    'a.yaml.swp',
    'a.yaml.bak',
    'a.YAML',
    'yaml',
    'b/x.txt',
  ]
  const folder = temporaryFolder(Object.fromEntries([...names, ...others].map((name) => [name, ''])))
  expect(read(folder, '.')).toEqual({ files: names.toSorted(byPart), told: [] })
})

/** As a walk meets them: folder by folder. */
function byPart(left: string, right: string): number {
  const [first = '', second = ''] = [left, right].map((path) => path.replaceAll('/', '\0'))
  return first < second ? -1 : 1
}

test('a ConfigMap as kubelet mounts it is read once, through its links', () => {
  const folder = temporaryFolder({ '..2026_01_01/a.yaml': 'A' })
  symlinkSync('..2026_01_01', join(folder, '..data'))
  symlinkSync('..data/a.yaml', join(folder, 'a.yaml'))
  expect(read(folder, '.')).toEqual({ files: ['a.yaml'], told: [] })
})

describe('in a directory', () => {
  test('what is no file is passed over: it would be waited for, or walked for ever', () => {
    const folder = temporaryFolder({ 'a.yaml': '' })
    mkdirSync(join(folder, 'folder.yaml'))
    execFileSync('mkfifo', [join(folder, 'pipe.yaml')])
    symlinkSync('.', join(folder, 'loop'))
    symlinkSync('.', join(folder, 'loop.yaml'))
    expect(read(folder, '.')).toEqual({ files: ['a.yaml'], told: [] })
  })

  test('a link to nothing is told by its own name', () => {
    const folder = temporaryFolder({ 'a.yaml': '' })
    symlinkSync('gone.yaml', join(folder, 'b.yaml'))
    expect(read(folder, '.')).toEqual({
      files: ['a.yaml'],
      told: ['b.yaml: cannot be read: no such file or directory'],
    })
  })
})

test('a directory without manifests is told: a wrong path must not look like a cluster without policies', () => {
  const folder = temporaryFolder({ 'a/x.txt': '', 'b/.c.yaml': '' })
  const hint = 'holds no .yaml, .yml or .json file; name the files themselves if they have other endings'
  expect(read(folder, 'a', 'b').told).toEqual([`a: ${hint}`, `b: ${hint}`])
})

test('what cannot be read is told, and the rest is read all the same', () => {
  const folder = temporaryFolder({ 'a.yaml': '', 'c.yaml': '' })
  writeFileSync(join(folder, 'b.yaml'), Uint8Array.of(0x66, 0xff, 0xfe))
  expect(read(folder, 'a.yaml', 'b.yaml', 'missing', 'a.yaml/x', 'c.yaml')).toEqual({
    files: ['a.yaml', 'c.yaml'],
    told: [
      'b.yaml: is not UTF-8 text; manifests are YAML or JSON',
      'missing: cannot be read: no such file or directory',
      expect.stringMatching(/^a\.yaml\/x: cannot be read: ENOTDIR: not a directory/) as string,
    ],
  })
})

test.each([
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
])('%s with a byte order mark is read', (encoding, mark) => {
  const folder = temporaryFolder()
  const bytes = Buffer.from('kind: Ä\n', 'utf16le')
  writeFileSync(
    join(folder, 'a.yaml'),
    Buffer.concat([Buffer.from(mark), encoding === 'utf-16be' ? bytes.swap16() : bytes]),
  )
  expect(readPaths([join(folder, 'a.yaml')]).sources.map(({ text }) => text)).toEqual(['kind: Ä\n'])
})

test('what was found in a folder says in which', () => {
  const folder = temporaryFolder({ 'b/a.yaml': '', 'c.yaml': '' })
  const { sources } = readPaths([join(folder, 'b'), join(folder, 'c.yaml')])
  expect(sources.map(({ directory }) => directory)).toEqual([join(folder, 'b'), undefined])
})

test('a name that would break a line or move the cursor is shown escaped, and whole', () => {
  const folder = temporaryFolder({ 'a\nb\u001b[2J.yaml': '' })
  expect(read(folder, '.').files).toEqual(['a\\u{a}b\\u{1b}[2J.yaml'])
  const long = `${'x/'.repeat(200)}ü 漢字.yaml`
  expect(printablePath(long)).toBe(long)
})

describe('bytes', () => {
  test('are read up to the limit and not beyond', () => {
    const file = join(temporaryFolder({ a: 'x'.repeat(3_000_000) }), 'a')
    expect(readBytes(file, 3_000_000)).toHaveLength(3_000_000)
    expect(readBytes(file, 2_999_999)).toBeUndefined()
  })

  test('of a device without end are not waited for', () => {
    expect(readBytes('/dev/zero', 5_000_000)).toBeUndefined()
    expect(readBytes('/dev/null', 0)).toHaveLength(0)
  })

  test('of a pipe come piece by piece', () => {
    const pipe = join(temporaryFolder(), 'pipe')
    execFileSync('mkfifo', [pipe])
    execFileSync('sh', ['-c', `(for i in 1 2 3; do echo $i; sleep 0.05; done > '${pipe}') >/dev/null 2>&1 &`])
    expect(new TextDecoder().decode(readBytes(pipe, 100))).toBe('1\n2\n3\n')
  })
})
