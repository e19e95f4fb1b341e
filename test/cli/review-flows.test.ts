import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { RecordedFlow } from '../../compiler/flows/flow-list.ts'
import { flowFileText, flowOf } from '../suggest/flows-of.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { selvedge, SHOP } from './run-selvedge.ts'

/** What the shop's policies cut: they forget DNS. */
const LOOK_UP = flowOf('production/backend', 'Deployment kube-system/coredns', '53/UDP', { count: 1204 })
const ORDER = flowOf('production/backend', 'production/database', '5432/TCP')
const GONE = flowOf('gone 10.244.3.9', 'production/database', '5432/TCP')

/** The shop before its policies and after, and what was seen. */
function workspace(...flows: readonly RecordedFlow[]): { readonly cwd: string } {
  const cwd = temporaryFolder({ 'flows.json': flowFileText(flows) })
  for (const side of ['old', 'new']) cpSync(SHOP, join(cwd, side), { recursive: true })
  rmSync(join(cwd, 'old', 'policies.yaml'))
  return { cwd }
}

interface Action {
  readonly inputs: object
  readonly outputs: { readonly cuts: { readonly value: string } }
  readonly runs: { readonly steps: readonly { readonly env: Readonly<Record<string, string>> }[] }
}

const asked = ['review', 'old', 'new', '--flows', 'flows.json']

test('review tells first which flows that were seen a change cuts, and fails on them', async () => {
  const run = await selvedge([...asked, '--fail-on', 'cuts'], workspace(LOOK_UP, ORDER))
  expect(run).toMatchObject({ exitCode: 1, stderr: '' })
  expect(run.stdout.split('\n').filter((line) => line.startsWith('#'))).toMatchObject({
    0: '## Network policy: this change cuts connections that were seen',
    1: '### Cuts, of what was seen (1 flow as before)',
  })
  expect(run.stdout).toContain(
    '```\nproduction/backend → kube-system/coredns 53/UDP  seen 1,204 times, last at 2026-01-31T12:00:00Z\n```',
  )
  const json = await selvedge([...asked, '-o', 'json', '--fail-on', 'never'], workspace(LOOK_UP, ORDER))
  expect(JSON.parse(json.stdout)).toMatchObject({ flows: { cuts: [{ count: 1204 }], unresolved: [], kept: 1 } })
})

test.each([
  ['much that nobody used is closed', [ORDER], 'cuts', 0, '### Cuts nothing of what was seen (1 flow as before)'],
  ['so it is for whoever asks for all that closes', [ORDER], 'any', 1, '### Closes'],
  ['one that cannot be told', [GONE], 'cuts', 1, '### Seen, and what becomes of it cannot be told'],
  ['a cut, and nobody asked', [LOOK_UP], 'opens', 0, '### Cuts, of what was seen\n'],
] as const)('--flows, %s: --fail-on counts what was seen', async (_, flows, condition, exitCode, text) => {
  const run = await selvedge([...asked, '--fail-on', condition], workspace(...flows))
  expect(run.stdout).toContain(text)
  expect(run.exitCode).toBe(exitCode)
})

test('without --flows nothing is said of what was seen', async () => {
  const run = await selvedge(['review', 'old', 'new', '--fail-on', 'cuts'], workspace(LOOK_UP))
  expect(run.exitCode).toBe(1)
  expect(run.stdout).not.toContain('seen')
})

test('names of the file stand in code blocks alone', async () => {
  const name = '``` @octocat <img src=x> [a](http://b)'
  const hostile: RecordedFlow = { ...LOOK_UP, destination: { kind: 'node', name, address: '192.168.0.9' } }
  const { stdout } = await selvedge([...asked, '--fail-on', 'never'], workspace(hostile))
  expect(stdout).toContain('@octocat')
  const [, fence = ''] = /(`{3,})\n[^\n]*@octocat/.exec(stdout) ?? []
  expect(fence.length).toBeGreaterThan(3)
})

test('GitHub gets the number; a file outside of the workspace is not read, one that is none is refused', async () => {
  const { cwd } = workspace(LOOK_UP)
  const output = join(cwd, 'output')
  const run = await selvedge([...asked, '--github', '--no-comment', '--fail-on', 'never'], {
    cwd,
    prefix: ['env', `GITHUB_OUTPUT=${output}`],
  })
  expect(run).toMatchObject({ exitCode: 0, stderr: '' })
  expect(readFileSync(output, 'utf8')).toMatch(/^cuts<<(\S+)\n1\n\1$/m)
  const outside = join(temporaryFolder({ 'flows.json': flowFileText([]) }), 'flows.json')
  expect(await selvedge(['review', 'old', 'new', '--within', '.', '--flows', outside], { cwd })).toMatchObject({
    exitCode: 2,
    stdout: '',
  })
  writeFileSync(join(cwd, 'flows.json'), '{}')
  expect(await selvedge(asked, { cwd })).toMatchObject({ exitCode: 2, stdout: '' })
})

test('the action hands its input on', async () => {
  const { cwd } = workspace(LOOK_UP)
  const output = join(cwd, 'output')
  const { exitCode, stdout } = await execa(join(PROJECT_ROOT, 'deploy', 'action', 'review'), [], {
    cwd,
    reject: false,
    env: {
      GITHUB_WORKSPACE: cwd,
      GITHUB_OUTPUT: output,
      SELVEDGE_BEFORE: 'old',
      SELVEDGE_AFTER: 'new',
      SELVEDGE_FLOWS: 'flows.json',
      SELVEDGE_FAIL_ON: 'cuts',
      SELVEDGE_COMMENT: 'false',
    },
  })
  expect(exitCode, stdout).toBe(1)
  expect(readFileSync(output, 'utf8')).toContain('cuts<<')
  const action = parse(readFileSync(join(PROJECT_ROOT, 'action.yml'), 'utf8')) as Action
  expect(action.inputs).toHaveProperty('flows')
  expect(action.outputs.cuts.value).toBe('${{ steps.review.outputs.cuts }}')
  expect(action.runs.steps[0]?.env['SELVEDGE_FLOWS']).toBe('${{ inputs.flows }}')
})

test('and says whose word about audits counts', async () => {
  const action = parse(readFileSync(join(PROJECT_ROOT, 'action.yml'), 'utf8')) as Action
  expect(action.runs.steps[0]?.env['SELVEDGE_AUDIT']).toBe('${{ inputs.audit }}')
  const policyOf = (mode: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop, annotations: {selvedge.io/mode: ${mode}}}
spec: {podSelector: {}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
`
  const cwd = temporaryFolder({ 'old.yaml': policyOf('enforce'), 'new.yaml': policyOf('audit') })
  const review = (SELVEDGE_AUDIT?: string) =>
    execa(join(PROJECT_ROOT, 'deploy', 'action', 'review'), [], {
      cwd,
      reject: false,
      env: {
        GITHUB_WORKSPACE: cwd,
        GITHUB_OUTPUT: join(cwd, 'output'),
        SELVEDGE_BEFORE: 'old.yaml',
        SELVEDGE_AFTER: 'new.yaml',
        SELVEDGE_COMMENT: 'false',
        ...(SELVEDGE_AUDIT === undefined ? {} : { SELVEDGE_AUDIT }),
      },
    })
  // What is only audited isolates nobody, unless nobody may say so.
  expect((await review()).exitCode).toBe(1)
  expect((await review('off')).exitCode).toBe(0)
})
