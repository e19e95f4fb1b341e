import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { flowFileText, flowOf } from '../../suggest/flows-of.ts'
import { printed, selvedge, SHOP } from '../run-selvedge.ts'
import { startMcp } from './mcp-client.ts'

vi.setConfig({ testTimeout: 120_000 })

const FILES = { files: ['shop'] }
const DENIED = { from: 'production/frontend', to: 'production/database', port: '5432', ...FILES }
const ALLOWED = { ...DENIED, from: 'production/backend' }

/** A folder with the shop in it, and a change of the shop that lets the frontend to the database. */
function shopFolder(): string {
  const folder = temporaryFolder()
  cpSync(SHOP, join(folder, 'shop'), { recursive: true })
  cpSync(SHOP, join(folder, 'changed'), { recursive: true })
  const policies = join(folder, 'changed', 'policies.yaml')
  const text = readFileSync(policies, 'utf8')
  writeFileSync(
    policies,
    text.replace('- podSelector:\n            matchLabels:\n              tier: backend', '- podSelector: {}'),
  )
  return folder
}

test('the tools are these, each says that it only reads, and each has a schema of what it takes and tells', async () => {
  const { client } = await startMcp(shopFolder())
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual([
    'can_reach',
    'explain',
    'who_can_reach',
    'diff',
    'lint',
    'test',
    'suggest',
  ])
  for (const { annotations, inputSchema, outputSchema } of tools) {
    expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false })
    expect(inputSchema).toMatchObject({ additionalProperties: false })
    expect(outputSchema?.required).toEqual(['verdict', 'policies', 'places', 'suggestion', 'notes', 'answer'])
  }
})

test('can_reach tells verdict, policies, places and what would allow it; pasted, it does', async () => {
  const folder = shopFolder()
  const { call } = await startMcp(folder)
  const denied = await call('can_reach', DENIED)
  expect(denied.structured).toMatchObject({
    verdict: 'denied',
    policies: ['production/database-allow-backend', 'production/database-deny-all'],
    places: ['shop/policies.yaml:21', 'shop/policies.yaml:33', 'shop/policies.yaml:9'],
    answer: { nearest: [{ misses: ['production/frontend has tier=frontend, not tier=backend'] }] },
  })
  expect(JSON.parse(denied.text)).toEqual(denied.structured)
  writeFileSync(join(folder, 'shop', 'added.yaml'), String(denied.structured?.['suggestion']))
  expect((await call('can_reach', DENIED)).structured).toMatchObject({
    verdict: 'allowed',
    suggestion: null,
    places: expect.arrayContaining(['shop/added.yaml:14']),
  })
})

test('explain tells people what the command tells them', async () => {
  const folder = shopFolder()
  const { call } = await startMcp(folder, ['-f', 'shop'])
  const { files: _, ...question } = ALLOWED
  const { text, structured } = await call('explain', question)
  const args = ['explain', 'production/backend', 'production/database', '5432', '-f', 'shop']
  expect(text).toBe(await printed(args, { cwd: folder }).then((out) => out.trimEnd()))
  expect(structured).toMatchObject({
    verdict: 'allowed',
    places: expect.arrayContaining(['shop/policies.yaml:33', 'shop/policies.yaml:76']),
  })
})

test('who_can_reach tells those, and only those, that come in', async () => {
  const { call } = await startMcp(shopFolder())
  const target = { to: 'database', namespace: 'production', ...FILES }
  const { structured } = await call('who_can_reach', target)
  expect(structured).toMatchObject({
    verdict: 'somebody',
    policies: ['production/database-allow-backend', 'production/database-deny-all'],
    answer: { peers: [{ from: 'production/backend', to: 'production/database', protocol: 'TCP', ports: '5432' }] },
  })
  const nobody = await call('who_can_reach', { ...target, port: '80' })
  expect(nobody.structured).toMatchObject({ verdict: 'nobody', answer: { peers: [] } })
})

test('diff tells what opens, by which rule of which line', async () => {
  const { call } = await startMcp(shopFolder())
  const { structured } = await call('diff', { before: 'shop', after: 'changed' })
  const rule = {
    policy: 'production/database-allow-backend',
    rule: 'ingress[0]',
    file: 'changed/policies.yaml',
    line: 33,
  }
  const answer = structured?.['answer'] as { readonly opens: readonly object[] }
  expect(structured).toMatchObject({ verdict: 'changes', places: expect.arrayContaining(['changed/policies.yaml:33']) })
  expect(answer.opens).toContainEqual({
    from: 'production/frontend',
    to: 'production/database',
    protocol: 'TCP',
    ports: '5432',
    rules: [rule],
  })
  expect((await call('diff', { before: 'shop', after: 'shop' })).structured).toMatchObject({ verdict: 'same' })
})

test('lint and test tell what is wrong, and where', async () => {
  const { call } = await startMcp(shopFolder())
  expect((await call('lint', FILES)).structured).toMatchObject({
    verdict: 'findings',
    policies: ['production/backend-allow-frontend', 'production/backend-egress'],
    places: expect.arrayContaining(['shop/policies.yaml:76']),
  })
  expect((await call('test', { tests: ['shop'] })).structured).toMatchObject({
    verdict: 'passed',
    answer: { passed: 6 },
  })
  expect((await call('test', { tests: ['changed'] })).structured).toMatchObject({
    verdict: 'failed',
    policies: expect.arrayContaining(['production/database-allow-backend']),
    places: expect.arrayContaining(['changed/policies.yaml:33', 'changed/tests/shop.policytest.yaml:10']),
  })
  // Other manifests than those that the tests name.
  expect((await call('test', { tests: ['changed'], ...FILES })).structured).toMatchObject({ verdict: 'passed' })
})

test('suggest makes policies of what was seen, and says of what it could not', async () => {
  const folder = shopFolder()
  const open = flowOf('203.0.113.7', 'production/frontend', '8080/TCP')
  const gone = flowOf('gone 10.244.3.9', 'production/frontend', '8080/TCP')
  writeFileSync(join(folder, 'flows.json'), flowFileText([open]))
  writeFileSync(join(folder, 'more.json'), flowFileText([open, gone]))
  const { call } = await startMcp(folder)
  const asked = { namespace: 'production', ...FILES }
  expect((await call('suggest', { flows: 'flows.json', ...asked })).structured).toMatchObject({
    verdict: 'suggested',
    policies: ['production/suggested-frontend-ingress'],
    suggestion: expect.stringContaining('cidr: 203.0.113.7/32'),
  })
  expect((await call('suggest', { flows: 'more.json', ...asked })).structured).toMatchObject({
    verdict: 'incomplete',
    notes: expect.arrayContaining([expect.stringContaining('not allowed by them: 10.244.3.9')]),
  })
  expect((await call('suggest', { flows: 'flows.json', ...FILES })).structured).toMatchObject({
    verdict: 'nothing',
    suggestion: null,
  })
  expect(await call('suggest', { flows: 'shop/policies.yaml', ...asked })).toMatchObject({ isError: true })
})

test('a port may be a number', async () => {
  const { call } = await startMcp(shopFolder())
  const [word, number] = [
    await call('can_reach', DENIED),
    await call('can_reach', { ...DENIED, port: Number(DENIED.port) }),
  ]
  expect(word.isError).toBe(false)
  expect(number).toEqual(word)
})

test('what is asked wrongly is told as an error, and the server goes on', async () => {
  const folder = shopFolder()
  const { call } = await startMcp(folder)
  for (const [name, input, problem] of [
    ['can_reach', { ...DENIED, from: 'production/frontent' }, /did you mean "?production\/frontend/],
    ['can_reach', { from: 'a' }, /at to\n.*at port/],
    ['can_reach', { ...DENIED, port: true }, /at port/],
    ['can_reach', { ...DENIED, ports: '1' }, /Unrecognized key: "ports"/],
    ['can_reach', { ...DENIED, from: 'a\u0000b' }, /control characters are in no name/],
    ['can_reach', { ...DENIED, namespace: 'No' }, /'--namespace|-n, --namespace/],
    ['who_can_reach', { to: 'a,b', ...FILES }, /one name, without commas/],
    ['lint', { files: ['missing'] }, /missing: cannot be read: no such file or directory/],
    ['lint', { files: [] }, /files/],
    ['test', { tests: ['shop/policies.yaml'] }, /policies\.yaml/],
    ['delete', {}, /Tool delete not found/],
  ] as const) {
    const { isError, text } = await call(name, input)
    expect({ name, isError }).toEqual({ name, isError: true })
    expect(text).toMatch(problem)
  }
  expect((await call('can_reach', ALLOWED)).structured).toMatchObject({ verdict: 'allowed' })
})

test('words that look like flags, commands or patterns are names, and nothing is written', async () => {
  const folder = shopFolder()
  const { call } = await startMcp(folder)
  for (const word of [
    '--help',
    '-f/etc/passwd',
    '--kubeconfig=x',
    '$(touch made)',
    '`touch made`; touch made',
    '\u202egnp',
  ]) {
    for (const [name, input] of [
      ['can_reach', { ...DENIED, from: word }],
      ['who_can_reach', { to: word, ...FILES }],
    ] as const) {
      const { isError, text } = await call(name, input)
      expect({ name, word, isError }).toEqual({ name, word, isError: true })
      expect(text).toMatch(/^(there is no pod or workload|"|.*is no )/)
      expect(text).not.toContain('\u202e')
    }
  }
  expect(readdirSync(folder).toSorted()).toEqual(['changed', 'shop'])
})

test('what authors wrote cannot hide text from who reads the answer', async () => {
  const folder = shopFolder()
  const title = 'a\\u202Eb\\u001B[2Jc'
  const tests = `apiVersion: selvedge.io/v1alpha1\nkind: PolicyTest\nmanifests: [shop]\ntests:\n  - {name: "${title}", from: production/frontend, to: production/database, expect: allow, ports: [5432]}\n`
  writeFileSync(join(folder, 'x.policytest.yaml'), tests)
  const { call } = await startMcp(folder)
  const { text, structured } = await call('test', { tests: ['x.policytest.yaml'] })
  expect(structured).toMatchObject({ verdict: 'failed' })
  expect(text).not.toContain('\u202e')
  expect(text).not.toContain('\u001b')
  expect(JSON.stringify(structured)).toContain('202e')
})

test('files elsewhere are not read: by path, by link, or because a test names them', async () => {
  const folder = shopFolder()
  const elsewhere = temporaryFolder({ 'a.yaml': 'secret: 1\n' })
  symlinkSync(elsewhere, join(folder, 'link'))
  writeFileSync(
    join(folder, 'x.policytest.yaml'),
    `apiVersion: selvedge.io/v1alpha1\nkind: PolicyTest\nmanifests: [${elsewhere}]\ntests:\n  - {from: a/b, to: a/c, expect: deny}\n`,
  )
  const { call } = await startMcp(folder)
  for (const [name, input] of [
    ['lint', { files: [elsewhere] }],
    ['lint', { files: ['link'] }],
    ['can_reach', { ...DENIED, files: ['shop', '../'] }],
    ['diff', { before: 'shop', after: 'link' }],
    ['test', { tests: ['x.policytest.yaml'] }],
    ['test', { tests: ['shop'], files: ['link'] }],
    ['suggest', { flows: 'link', ...FILES }],
    ['suggest', { flows: 'shop', files: ['link'] }],
  ] as const) {
    const { isError, text } = await call(name, input)
    expect({ name, isError }).toEqual({ name, isError: true })
    expect(text).toMatch(/lies outside of \., or in its \.git, and is not read$/)
  }
})

test('without files it is the live cluster, and one that cannot be reached is told', async () => {
  const folder = shopFolder()
  const { call } = await startMcp(folder, ['--kubeconfig', 'none'])
  const { files: _, ...question } = DENIED
  const { isError, text } = await call('can_reach', question)
  expect(isError).toBe(true)
  expect(text).toMatch(/none.*or give manifests with -f$/)
})

test('it ends when its input ends, having said nothing that is not the protocol', async () => {
  expect(await selvedge(['mcp'], { input: '' })).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  const line = '-f -: standard input is what the protocol is spoken on; give files\n'
  expect(await selvedge(['mcp', '-f', '-'])).toEqual({ exitCode: 2, stdout: '', stderr: line })
})
