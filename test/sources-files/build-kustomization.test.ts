import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { buildKustomization } from '../../src/sources/files/build-kustomization.ts'
import { selvedge } from '../cli/run-selvedge.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Builds `k` of a folder with a program of that name, which is this script. */
function build(name: string, script: string, timeout = 20_000) {
  const folder = temporaryFolder({ [`bin/${name}`]: `#!/bin/sh\n${script}\n`, 'k/kustomization.yaml': '' })
  const { sources, diagnostics } = buildKustomization(join(folder, 'k'), { path: join(folder, 'bin'), timeout })
  const clean = (text: string) => text.replaceAll(folder, '')
  return {
    texts: sources.map(({ file, text }) => [clean(file), clean(text)]),
    told: diagnostics.map((one) => clean(formatDiagnostic(one))),
  }
}

describe('what the program prints is what is read', () => {
  test.each([
    ['kustomize', 'build'],
    ['kubectl', 'kustomize'],
  ])('of %s', (name, verb) => {
    const { texts, told } = build(name, 'echo "$@"')
    expect(told).toEqual([])
    expect(texts).toEqual([['/k (built)', `${verb} /k --load-restrictor=LoadRestrictionsRootOnly\n`]])
  })

  test('in an environment without programs and without a way out', () => {
    const [[, text = ''] = []] = build('kustomize', 'echo "$PATH|$HTTP_PROXY|$HTTPS_PROXY|$NO_PROXY|$KUBECONFIG"').texts
    expect(text).toBe('|http://127.0.0.1:9|http://127.0.0.1:9||\n')
  })
})

describe('a program that', () => {
  test.each([
    [
      'fails',
      'echo warning >&2; echo "accumulating: \u001b[31mno such file" >&2; exit 1',
      '/k: cannot be built: accumulating: \\u{1b}[31mno such file',
    ],
    [
      'logs that it fails, with the reason far behind',
      `echo 'E1129 04:05:25.819601     477 run.go:72] "command failed" err="accumulating ${'x'.repeat(150)}: no field \\"a\\""' >&2; exit 1`,
      `/k: cannot be built: accumulating ${'x'.repeat(150)}: no field "a"`,
    ],
    [
      'cannot fetch what it is to build',
      'echo "Error: accumulating \'https://example.com/k\': hitting proxy" >&2; exit 1',
      "/k: cannot be built: accumulating 'https://example.com/k': hitting proxy; " +
        'nothing is fetched: keep a copy beside it (kustomize localize makes one)',
    ],
    ['fails without a word', 'exit 3', '/k: cannot be built: kustomize build ended with exit status 3'],
    ['is killed', 'kill -9 $$', '/k: cannot be built: kustomize build ended with SIGKILL'],
    [
      'prints what is no text',
      "printf '\\377\\376\\000'",
      '/k: kustomize build prints what is no text in UTF-8; try it: kustomize build /k',
    ],
  ])('%s is told', (_, script, line) => {
    expect(build('kustomize', script)).toEqual({ texts: [], told: [line] })
  })

  test('hangs is ended', () => {
    expect(build('kustomize', 'while :; do :; done', 300)).toEqual({
      texts: [],
      told: ['/k: kustomize build did not end within 0.3 s; try it: kustomize build /k'],
    })
  })

  test('leaves a child that holds its output is not waited for', () => {
    expect(build('kustomize', '/bin/sleep 5 & wait', 300).told).toEqual([
      '/k: kustomize build did not end within 0.3 s; try it: kustomize build /k',
    ])
  })

  test('prints without end is ended', () => {
    const endless =
      'x=xxxxxxxxxxxxxxxx; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do x=$x$x; done; while :; do echo $x; done'
    expect(build('kustomize', endless).told).toEqual([
      '/k: kustomize build prints more than 256 MiB; that is no set of manifests',
    ])
  })

  test.each(['', 'echo; echo'])('prints nothing (%j) is told, and no error', (script) => {
    expect(build('kustomize', script)).toMatchObject({
      texts: [['/k (built)', expect.any(String)]],
      told: ['warning: /k: kustomize build makes nothing of it; the answer is of nothing'],
    })
  })
})

test('without such a program the hint says how', () => {
  const folder = temporaryFolder({ 'k/kustomization.yaml': '' })
  const { diagnostics } = buildKustomization(join(folder, 'k'), { path: `:${folder}`, timeout: 1_000 })
  expect(diagnostics.map((one) => formatDiagnostic(one).replaceAll(folder, ''))).toEqual([
    '/k: a kustomization is built by kustomize or kubectl, and neither is in PATH; ' +
      'build it where one of them is: kubectl kustomize /k | selvedge ... -f -',
  ])
})

test('an address is no directory', () => {
  const { diagnostics } = buildKustomization('https://example.com/repo', { path: '', timeout: 1_000 })
  expect(diagnostics.map(formatDiagnostic)).toEqual(['https://example.com/repo: is no directory'])
})

describe('built by the kubectl of this machine', () => {
  const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n'
  const run = async (files: Readonly<Record<string, string>>) => {
    const cwd = temporaryFolder(files)
    return selvedge(['graph', '-o', 'mermaid', '-k', 'k'], { cwd })
  }

  test('the answer is of what it makes', async () => {
    const { exitCode, stdout, stderr } = await run({
      'k/kustomization.yaml': 'namePrefix: prod-\nresources: [p.yaml]\n',
      'k/p.yaml': POD,
    })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain('prod-a')
  })

  test.each([
    ['a file above it', '../p.yaml'],
    ['something in the network', 'https://192.0.2.1/p.yaml'],
    ['a repository', 'git::https://192.0.2.1/repo'],
  ])(
    '%s is not read',
    async (_, resource) => {
      const { exitCode, stdout, stderr } = await run({
        'k/kustomization.yaml': `resources: ["${resource}"]\n`,
        'p.yaml': POD,
      })
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
      expect(stderr).toMatch(/^k: cannot be built: /)
    },
    60_000,
  )

  test('a folder without one is told how it is given', async () => {
    const { exitCode, stderr } = await run({ 'k/p.yaml': POD })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      /^k: cannot be built: unable to find one of .*; manifests without a kustomization are given with -f\n$/,
    )
  })

  test('what listens on this machine is not asked, though no proxy stands before it', async () => {
    const asked: (string | undefined)[] = []
    const server = createServer((request, response) => {
      asked.push(request.url)
      response.end(POD)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/p.yaml`
    const { exitCode, stderr } = await run({ 'k/kustomization.yaml': `resources: ["${address}"]\n` })
    expect({ exitCode, asked }).toEqual({ exitCode: 2, asked: [] })
    expect(stderr).toMatch(/network is unreachable.*; nothing is fetched: keep a copy beside it/)
  }, 60_000)
})
