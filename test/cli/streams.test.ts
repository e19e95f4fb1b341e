import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { MAIN, refused, selvedge, SHOP } from './run-selvedge.ts'

/** A command line for sh in which `"$@"` is the program and these arguments. */
async function shell(line: string, args: readonly string[], input = '') {
  const options = { reject: false, stripFinalNewline: false, input } as const
  const run = await execa('bash', ['-c', line, 'bash', process.execPath, MAIN, ...args], options)
  return { exitCode: run.exitCode, stdout: run.stdout, stderr: run.stderr }
}

/** More than a pipe holds, so that its writer meets a reader who has gone. */
const MANY_PODS = JSON.stringify({
  apiVersion: 'v1',
  kind: 'PodList',
  items: Array.from({ length: 2_000 }, (_, index) => ({ metadata: { name: `pod-${index}`, namespace: 'shop' } })),
})

test('a reader that goes away early is no error, and nothing is said', async () => {
  const run = await shell('set -o pipefail; "$@" | head -1', ['compile', '-f', '-', '-o', 'json'], MANY_PODS)
  expect(run).toEqual({ exitCode: 0, stdout: '{\n', stderr: '' })
})

test('output of any size arrives whole through a slow pipe', async () => {
  const run = await shell('"$@" | (sleep 0.2; cat)', ['compile', '-f', '-', '-o', 'json'], MANY_PODS)
  expect((JSON.parse(run.stdout) as { pods: unknown[] }).pods).toHaveLength(2_000)
})

test.skipIf(!existsSync('/dev/full'))('a full disk is exit 3 and one sentence, not a stack trace', async () => {
  const run = await shell('"$@" > /dev/full', ['compile', '-f', SHOP])
  const sentence = 'standard output cannot be written: ENOSPC: no space left on device, write\n'
  expect(run).toEqual({ exitCode: 3, stdout: '', stderr: sentence })
  // Where standard error cannot be written either, the exit code is all there is.
  expect(await shell('"$@" 2> /dev/full', ['compile', '-f', 'missing'])).toMatchObject({ exitCode: 2, stdout: '' })
})

test('standard input that is not there yet is waited for, also where somebody made it non-blocking', async () => {
  const slowly = 'sleep 0.5; echo "apiVersion: v1"; sleep 0.2; printf "kind: Namespace\\nmetadata: {name: a}\\n"'
  // Our end of a child's output is non-blocking, and stays so for whom we hand it on to but as one of the first three.
  const writer = spawn('bash', ['-c', slowly], { stdio: ['ignore', 'pipe', 'inherit'] })
  const run = await execa('bash', ['-c', '"$@" <&3', 'bash', process.execPath, MAIN, 'compile', '-f', '-'], {
    reject: false,
    stdio: ['ignore', 'pipe', 'pipe', writer.stdout],
  })
  expect(run).toMatchObject({ exitCode: 0, stderr: '' })
  expect(run.stdout).toMatch(/^add table inet selvedge\n/)
})

describe('files that may not be read', () => {
  /** Root reads everything; without these two capabilities it is like anybody else. */
  let prefix: readonly string[] = []
  beforeAll(() => {
    if (process.geteuid?.() !== 0) return
    prefix = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search']
    execFileSync('setpriv', ['--version'])
  })

  test('a file, a directory, and a file and a folder inside of a directory are named', async () => {
    const cwd = temporaryFolder({ 'a.yaml': '', 'b/c.yaml': '', 'd/e.yaml': '', 'f/g/h.yaml': '' })
    for (const path of ['a.yaml', 'b', 'd/e.yaml', 'f/g']) chmodSync(join(cwd, path), 0)
    try {
      const run = await selvedge(['compile', '-f', 'a.yaml', 'b', 'd', 'f'], { cwd, prefix })
      const denied = ['a.yaml', 'b', 'd/e.yaml', 'f/g'].map((path) => `${path}: cannot be read: permission denied`)
      expect(run).toEqual(refused(...denied))
    } finally {
      for (const path of ['b', 'f/g']) chmodSync(join(cwd, path), 0o755)
    }
  })
})
