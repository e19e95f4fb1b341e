import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { printed, refused, type Run, selvedge } from './run-selvedge.ts'

const namespace = (name: string, rest = '') => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n${rest}`
const policy = (name: string, inNamespace: string, spec: string) =>
  `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: ${inNamespace}}\nspec: ${spec}\n`
const pod = (name: string, inNamespace: string, address: string) =>
  `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${inNamespace}, labels: {app: ${'a'.repeat(63)}}}\n` +
  `status: {podIP: ${address}}\n`

/** Printable ASCII in lines of sane length: nothing of the input can move a cursor or break a comment. */
function expectPlain(text: string): void {
  expect(text).toMatch(/^[\x20-\x7e\n]*$/)
}

const expectTold = ({ exitCode, stdout, stderr }: Run, line: RegExp) => {
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toMatch(line)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(stderr.length).toBeLessThan(10_000)
}

describe('names', () => {
  test('as long as the API server takes, and all words of nft, fit into comments and elements', async () => {
    const longest = ['a'.repeat(63), 'b'.repeat(63), 'c'.repeat(63), 'd'.repeat(61)].join('.')
    const spec = '{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: drop}]}]}'
    const words = ['drop', 'accept', 'fwd', 'table', 'tcp', 'fwd-fwd']
    const text = await printed(['compile', '-f', '-'], {
      input: [
        namespace('n'.repeat(63)),
        policy(longest, 'n'.repeat(63), spec),
        pod(longest, 'n'.repeat(63), '10.0.0.1'),
        ...words.flatMap((word, index) => [policy(word, word, spec), pod(word, word, `10.0.1.${index}`)]),
      ].join(''),
    })
    expectPlain(text)
    const comments = [...text.matchAll(/comment "([^"]*)"/g)].map(([, comment = '']) => comment)
    expect(comments.filter((comment) => comment.length > 128)).toEqual([])
    expect(comments.filter((comment) => comment.endsWith('...'))).not.toEqual([])
    expect(comments).toContain('drop/drop')
  })

  test('that the API server refuses are told in one printable line each', async () => {
    const names = ['"x\\u001b[2J\\ny: z"', '"; drop"', '"a/../b"', '"выкл"', 'e'.repeat(254), '"\\u202egnp"']
    const run = await selvedge(['compile', '-f', '-'], {
      input: names.map((name) => policy(name, 'shop', '{podSelector: {}}')).join(''),
    })
    expectTold(run, /^-:4:18: metadata\.name: Invalid value: "x\\u\{1b\}\[2J\\u\{a\}y: z": /)
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(names.length)
    // oxlint-disable-next-line no-control-regex -- they are what must not be there
    expect(run.stderr).not.toMatch(/[\0-\x09\x0b-\x1f\x7f\u202e]/)
  })

  test('of files are told so that they stay one line', async () => {
    const cwd = temporaryFolder({ 'in/a\n1:1: fake\u001b[31m.yaml': 'kind: Pod\n' })
    const where = 'in/a\\u{a}1:1: fake\\u{1b}[31m.yaml'
    const line = "apiVersion: Required value: Object 'apiVersion' is missing"
    const hint = 'write "apiVersion: v1"'
    expect(await selvedge(['compile', '-f', 'in'], { cwd })).toEqual(refused(`${where}:1:1: ${line}; ${hint}`))
    expect(await selvedge(['compile', '-f', 'no\u001b[31m'], { cwd })).toEqual(
      refused('no\\u{1b}[31m: cannot be read: no such file or directory'),
    )
  })

  test('comments, annotations and labels with other letters do no harm where the API server takes them', async () => {
    const others = '  # Grüße, 漢字, 🧵\n'
    const annotated = `apiVersion: v1\nkind: Pod\nmetadata:\n${others}  name: web\n  annotations: {wer: "漢字 🧵\\u0007"}\nstatus: {podIP: 10.0.0.1}\n`
    const text = await printed(['compile', '-f', '-'], {
      input: annotated + policy('p', 'default', '{podSelector: {}}'),
    })
    expectPlain(text)
    expect(text).toContain('comment "default/web"')
    const run = await selvedge(['compile', '-f', '-'], { input: annotated.replace('annotations', 'labels') })
    expectTold(run, /^-:\d+:\d+: metadata\.labels\.wer: Invalid value: /)
  })
})

describe('texts', () => {
  const bomb = () => {
    const rows = Array.from(
      { length: 12 },
      (_, row) => `a${row}: &a${row} [${`${row === 0 ? 'x' : `*a${row - 1}`},`.repeat(9)}]`,
    )
    return namespace('a', `${rows.join('\n')}\n`)
  }

  test.each<[string, () => string | Uint8Array, RegExp]>([
    ['a YAML bomb', bomb, /^f:1:1: its aliases stand for more than 1000000 values; write the values out\n$/],
    ['an alias to itself', () => namespace('a', 'x: &x [*x]\n'), /^f:4:8: anchor "x" contains itself\n$/],
    ['10,000 brackets', () => '[{a: '.repeat(10_000), /^f:1:\d+: nested too deeply\n$/],
    ['10,000 brackets of JSON', () => '['.repeat(10_000), /^f:1:\d+: (nested too deeply|not valid)/],
    ['10 MB of brackets', () => '['.repeat(10_000_000), /^f:1:\d+: (nested too deeply|not valid)/],
    ['a picture', () => Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a), /^f: is not UTF-8 text; manifests are/],
    ['UTF-16', () => Buffer.from(namespace('a'), 'utf16le'), /^f:1:2: not text: control character 0x00; expected YAML/],
    ['10 MB in one line', () => 'x'.repeat(10_000_000), /^f:1:1: no Kubernetes object: must be a mapping with/],
    ['an error on every line', () => 'a: b: c\n'.repeat(2_000), /not valid YAML: \d+ more errors\n$/],
  ])('%s is told, not followed', async (_, text, line) => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'f'), text())
    expectTold(await selvedge(['compile', '-f', 'f'], { cwd }), line)
  })

  test('10 MB in one line that mean nothing are no error', async () => {
    const input = namespace('a', `data: ${'x'.repeat(10_000_000)}\n`)
    const run = await selvedge(['compile', '-f', '-'], { input })
    expect(run.exitCode).toBe(0)
  })

  test('50,000 documents are read', async () => {
    const documents = Array.from({ length: 49_999 }, (_, index) => `---\n${namespace(`n-${index}`)}`)
    const text = await printed(['compile', '-f', '-'], {
      input: `${documents.join('')}---\n${pod('web', 'n-7', '10.0.0.1')}${policy('p', 'n-7', '{podSelector: {}}')}`,
    })
    expect(text).toContain('comment "n-7/web"')
  }, 120_000)
})

describe('paths', () => {
  test('a device that never ends is given up', async () => {
    expect(await selvedge(['compile', '-f', '/dev/zero'])).toEqual(
      refused('/dev/zero: is larger than 512 MiB; split it'),
    )
  })

  test('a directory with a link to itself, to nothing and to a file', async () => {
    const cwd = temporaryFolder({ 'in/a.yaml': namespace('a') })
    mkdirSync(join(cwd, 'in', 'sub'))
    symlinkSync('..', join(cwd, 'in', 'sub', 'loop'))
    symlinkSync('../a.yaml', join(cwd, 'in', 'sub', 'b.yml'))
    expect(await selvedge(['compile', '-f', 'in'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' })
    symlinkSync('nothing', join(cwd, 'in', 'sub', 'c.yaml'))
    expect(await selvedge(['compile', '-f', 'in'], { cwd })).toEqual(
      refused('in/sub/c.yaml: cannot be read: no such file or directory'),
    )
  })
})
