import { lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { selvedge } from './run-selvedge.ts'

const SHOP = ['00-namespace', 'backend', 'database', 'frontend', 'policies']
const texts = Object.fromEntries(
  SHOP.map((name) => [name, readFileSync(join(PROJECT_ROOT, 'examples', 'shop', `${name}.yaml`), 'utf8')]),
)
/** The database's door is for every pod of the namespace, and for a stranger's address. */
const OPENED = texts['policies']?.replace(
  '        - podSelector:\n            matchLabels:\n              tier: backend\n',
  '        - podSelector: {}\n        - ipBlock: {cidr: 198.51.100.0/24}\n        - podSelector: {matchLabels: {tier: frontent}}\n',
)
const TESTS = `apiVersion: selvedge.io/v1alpha1
kind: PolicyTest
manifests: [../k8s]
tests:
- {name: "<img src=x> @octocat ![x](http://x) \`\`\`", to: production/database, only: [production/backend]}
- {name: "::error::x", from: production/frontend, to: production/backend, ports: [8080], expect: allow}
`

/** A workspace with the shop before and after, and tests of what comes after. */
function workspace(more: Readonly<Record<string, string>> = {}): string {
  const side = (name: string, policies: string): Record<string, string> =>
    Object.fromEntries(
      SHOP.map((file) => [`${name}/${file}.yaml`, file === 'policies' ? policies : (texts[file] ?? '')]),
    )
  return temporaryFolder({
    ...side('old', texts['policies'] ?? ''),
    ...side('new', OPENED ?? ''),
    'new/shop.policytest.yaml': TESTS,
    ...more,
  })
}

test('a change that opens: worst first, tests that fail, what lint finds, a picture; exit 1', async () => {
  const run = await selvedge(['review', 'old', 'new'], { cwd: workspace() })
  expect(run).toMatchObject({ exitCode: 1, stderr: '' })
  const titles = run.stdout.split('\n').filter((line) => line.startsWith('#'))
  expect(titles).toEqual([
    '## Network policy: this change opens connections',
    '### Opens, from outside',
    '### Opens, from pods that are not in the input',
    '### Opens, within a namespace',
    '### Tests: 1 passed, 1 failed',
    '### Lint (3 that were there before are left out)',
  ])
  expect(run.stdout).toContain('```diff\n+ 198.51.100.0/24 → production/database  TCP 5432\n```')
  expect(run.stdout).toContain('```mermaid\nflowchart LR\n')
})

test('the same on both sides: nothing opens, exit 0, and it is said', async () => {
  const run = await selvedge(['review', 'old', './old/'], { cwd: workspace() })
  const stderr = 'note: OLD and NEW are both ./old/: the same is compared with itself\n'
  expect(run).toMatchObject({ exitCode: 0, stderr })
  expect(run.stdout).toContain('## Network policy: nothing opens, nothing closes\n')
})

test.each([
  [['old', 'new', '--fail-on', 'never'], 0],
  [['old', 'new', '--fail-on', 'cuts'], 0],
  [['old', 'new', '--fail-on', 'cuts,tests'], 1],
  [['new', 'old', '--fail-on', 'opens'], 0],
  [['new', 'old', '--fail-on', 'any'], 1],
  [['new', 'old', '--fail-on', 'cuts'], 1],
  [['old', 'new', '--fail-on', 'lint'], 1],
  [['old', 'new', '--fail-on', 'opened'], 2],
  [['old', 'nowhere'], 2],
  [['old', '-'], 2],
] as const)('review %j ends with %i', async (args, exitCode) => {
  expect(await selvedge(['review', ...args], { cwd: workspace() })).toMatchObject({ exitCode })
})

/** What Markdown would make something of, outside of code blocks. */
function outsideOfCode(markdown: string): string {
  let fence: string | undefined
  const lines: string[] = []
  for (const line of markdown.split('\n')) {
    const [mark] = /^`{3,}/.exec(line) ?? []
    if (fence === undefined && mark !== undefined) fence = mark
    else if (fence !== undefined && line === fence) fence = undefined
    else if (fence === undefined) lines.push(line)
  }
  expect(fence).toBe(undefined)
  return lines.join('\n')
}

test('text of strangers stands in code blocks alone: no mention, link, image or HTML', async () => {
  const hostile = 'apiVersion: v1\nkind: Service\nmetadata: {name: x}\n---\n- ```\n- @octocat\n'
  const cwd = workspace({ 'new/a [b](http:c) @d ``` <b>.yaml': hostile, 'new/```.yaml': 'x: [@y](http://z)\n' })
  const { stdout } = await selvedge(['review', 'old', 'new', '--fail-on', 'never'], { cwd })
  expect(stdout).toContain('@octocat ![x]')
  const text = outsideOfCode(stdout).replaceAll(/<!-- selvedge review -->|<\/?(details|summary)>/g, '')
  expect(text).not.toMatch(/[@<>[\]!`]|:\/\//)
})

/** A name as somebody would give it who wants to be more than a name. */
const HOSTILE = 'x\n::error::pwn\r::set-output name=opens::0\n```\n@octocat [l](http) ![i](x) <img> \u202e\u2028'
const LONG = `a\n::error::b\n\`\`\`\n</details>\n@octocat ![x](http://x) ${'😀'.repeat(600)}`

test('names of files, tests and kinds that are commands, Markdown and several lines are one line of a code block', async () => {
  const named = `apiVersion: selvedge.io/v1alpha1
kind: PolicyTest
tests: [{name: ${JSON.stringify(LONG)}, to: production/database, only: [production/backend]}]
`
  const cwd = workspace({
    [`new/${HOSTILE}.policytest.yaml`]: named,
    [`new/::warning::${HOSTILE}.yaml`]: `apiVersion: v1\nkind: ${JSON.stringify(HOSTILE)}\nmetadata: {name: x}\n`,
  })
  const run = await runAction(cwd, { before: 'old', after: 'new' }, {})
  expect(run.stdout.split('\n')).toHaveLength(2)
  expect(run.stderr).toMatch(/^new\/::warning::x\\u\{a\}::error::pwn\\u\{d\}::set-output .* skipped$/)
  expect(outsideOfCode(run.summary)).not.toMatch(/::|octocat|img|u202e|\\u/)
  const [head, ...more] = run.summary.split('\n').filter((one) => one.includes('::error::'))
  expect(more).toEqual([])
  expect(head).toMatch(
    /^FAIL a\\u\{a\}::error::b.*@octocat .*😀… \(new\/x\\u\{a\}::error::pwn.*\.policytest\.yaml:3:9\)$/,
  )
  expect(head?.isWellFormed()).toBe(true)
  const lines = run.output.split('\n')
  expect(lines.filter((one) => one.includes('<<')).map((one) => one.split('<<')[0])).toEqual(['opens', 'closes'])
})

test('it stays below what a comment takes, however much opens', async () => {
  const many = Array.from(
    { length: 4000 },
    (_, n) =>
      `{apiVersion: v1, kind: Pod, metadata: {name: pod-${n}, namespace: production, labels: {app: a${n}}}, spec: {containers: [{name: c}]}}`,
  ).join('\n---\n')
  const closed =
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: all, namespace: production}\nspec: {podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [shop]}]}}\n'
  const cwd = workspace({
    'a/pods.yaml': `${many.split('\n---\n').slice(0, 60).join('\n---\n')}\n---\n${closed}`,
    'b/pods.yaml': many.split('\n---\n').slice(0, 60).join('\n---\n'),
  })
  const { stdout, exitCode } = await selvedge(['review', 'a', 'b'], { cwd })
  expect(exitCode).toBe(1)
  expect(stdout.length).toBeLessThan(65_536)
  expect(stdout).toMatch(/… and \d+ lines more/)
})

test('a policy that is read no more, and policies in a template, are errors', async () => {
  const template = `${OPENED}`.replace('spec:', '{{- if .Values.on }}\nspec:')
  const hidden = await selvedge(['review', 'old', 'new'], { cwd: workspace({ 'new/policies.yaml': template }) })
  expect(hidden).toMatchObject({ exitCode: 2, stdout: '' })
  expect(hidden.stderr).toContain('new/policies.yaml: policies in it are passed over now')
  const gone = await selvedge(['review', 'old', 'new'], { cwd: workspace({ 'new/policies.yaml': 'just: values\n' }) })
  expect(gone).toMatchObject({ exitCode: 2, stdout: '' })
})

test('paths that really lie outside of the workspace, or in its .git, are not read', async () => {
  const cwd = workspace({ '.git/config.yaml': 'a: b\n' })
  const outside = temporaryFolder({ 'secret.yaml': 'root:x:0:0\n' })
  const within = ['--within', '.']
  expect(await selvedge(['review', 'old', 'new', ...within, '--fail-on', 'never'], { cwd })).toMatchObject({
    exitCode: 0,
  })
  for (const path of [outside, '.git', '../..']) {
    const run = await selvedge(['review', 'old', path, ...within], { cwd })
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).toMatch(/lies outside of|cannot be read/)
  }
  symlinkSync(join(outside, 'secret.yaml'), join(cwd, 'new', 'link.yaml'))
  expect(await selvedge(['review', 'old', 'new', ...within], { cwd })).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: 'new/link.yaml: lies outside of ., or in its .git, and is not read\n',
  })
})

test.each(['helm', 'kustomize'])(
  'what %s would render does not lead to the .git either, and nothing is run',
  async (render) => {
    const cwd = temporaryFolder({
      'bin/helm': '#!/bin/sh\necho ran >&2\n',
      'bin/kustomize': '#!/bin/sh\necho ran >&2\n',
      '.git/config': 'token\n',
      'old/values.yaml': '',
      'new/values.yaml': '',
    })
    symlinkSync('../.git/config', join(cwd, 'new', 'leak.txt'))
    const run = await execa(
      process.execPath,
      [join(PROJECT_ROOT, 'src/cli/main.ts'), 'review', 'old', 'new', '--within', '.', '--render', render],
      { cwd, env: { PATH: join(cwd, 'bin') }, reject: false },
    )
    expect(run).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(/^new\/leak\.txt: leads out of \., or to a \.git, and is not rendered/),
    })
  },
)

test('SARIF is written where it was asked for: a link of the change leads it nowhere', async () => {
  const cwd = workspace({ 'kept.txt': 'kept' })
  const elsewhere = temporaryFolder({ 'kept.txt': 'kept' })
  symlinkSync(join(elsewhere, 'kept.txt'), join(cwd, 'out.sarif'))
  symlinkSync(elsewhere, join(cwd, 'out'))
  const review = (file: string) =>
    selvedge(['review', 'old', 'new', '--within', '.', '--fail-on', 'never', '--sarif', file], { cwd })
  expect(await review('out.sarif')).toMatchObject({ exitCode: 0, stderr: '' })
  expect(readFileSync(join(elsewhere, 'kept.txt'), 'utf8')).toBe('kept')
  expect(readFileSync(join(cwd, 'out.sarif'), 'utf8')).toContain('"version": "2.1.0"')
  expect(await review('out/out.sarif')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: 'out/out.sarif: lies outside of ., or in its .git, and is not written\n',
  })
  expect(await review('nowhere/out.sarif')).toMatchObject({ exitCode: 2, stdout: '' })
})

test('SARIF replaces no pipe, device or folder, nor a link to one, and nothing is done before that is said', async () => {
  const cwd = workspace()
  await execa('mkfifo', [join(cwd, 'pipe')])
  mkdirSync(join(cwd, 'folder'))
  symlinkSync('/dev/null', join(cwd, 'null'))
  symlinkSync('folder', join(cwd, 'link'))
  for (const file of ['pipe', 'folder', 'null', 'link']) {
    const before = lstatSync(join(cwd, file)).mode
    expect(await selvedge(['review', 'old', 'new', '--sarif', file], { cwd })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `${file}: is no regular file, and is not replaced; name a file of your own\n`,
    })
    expect(lstatSync(join(cwd, file)).mode).toBe(before)
  }
})

test('SARIF is for whom the umask lets', async () => {
  const cwd = workspace()
  for (const [umask, mode] of [
    ['077', 0o600],
    ['002', 0o664],
  ] as const) {
    const prefix = ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh']
    await selvedge(['review', 'old', 'new', '--sarif', 'out.sarif'], { cwd, prefix })
    expect(statSync(join(cwd, 'out.sarif')).mode & 0o777).toBe(mode)
  }
})

test('where SARIF cannot be written, everything else is told', async () => {
  const cwd = workspace()
  const printed = await selvedge(['review', 'old', 'new', '--sarif', 'nowhere/out.sarif'], { cwd })
  expect(printed).toMatchObject({
    exitCode: 3,
    stdout: expect.stringContaining('## Network policy: this change opens connections'),
    stderr: expect.stringMatching(/^nowhere\/out\.sarif: cannot be written: ENOENT/),
  })
  const { url, calls } = await comments([])
  const told = await runAction(
    cwd,
    // Within the workspace, and below what is a file.
    { before: 'old', after: 'new', sarif: 'summary/out.sarif' },
    { ...event(cwd, 'o/r'), GITHUB_API_URL: url },
  )
  expect(told.stderr).toMatch(/^summary\/out\.sarif: cannot be written: ENOTDIR/)
  expect(told.exitCode).toBe(3)
  expect(told.summary).toContain('## Network policy: this change opens connections')
  expect(told.output).toContain('opens<<')
  expect(calls.map(({ method }) => method)).toEqual(['GET', 'POST'])
})

test('SARIF: paths of the repository, percent-encoded, of what comes after only', async () => {
  const cwd = workspace({ 'new/ä b.policytest.yaml': TESTS })
  await selvedge(['review', join(cwd, 'old'), join(cwd, 'new'), '--within', cwd, '--sarif', join(cwd, 'out.sarif')], {
    cwd: '/',
  })
  const { runs } = JSON.parse(readFileSync(join(cwd, 'out.sarif'), 'utf8')) as {
    runs: readonly {
      results: readonly { locations: readonly { physicalLocation: { artifactLocation: { uri: string } } }[] }[]
    }[]
  }
  expect(runs).toHaveLength(1)
  const uris = new Set(
    runs[0]?.results.flatMap(({ locations }) => locations.map((one) => one.physicalLocation.artifactLocation.uri)),
  )
  expect([...uris].sort()).toEqual(['new/%C3%A4%20b.policytest.yaml', 'new/policies.yaml', 'new/shop.policytest.yaml'])
})

test.each([
  ['kustomize', 'kustomize', 'build'],
  ['helm', 'helm', 'template'],
])('--render %s runs %s of PATH, and what goes wrong with it is told', async (render, program, verb) => {
  const pods = '{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: b}, spec: {containers: [{name: c}]}}'
  const run = (script: string) => {
    const cwd = temporaryFolder({ [`bin/${program}`]: `#!/bin/sh\n${script}\n`, 'old/x': '', 'new/x': '' })
    const env = { ...process.env, PATH: join(cwd, 'bin') }
    return execa(
      process.execPath,
      [join(PROJECT_ROOT, 'src/cli/main.ts'), 'review', 'old', 'new', '--render', render],
      { cwd, env, reject: false },
    )
  }
  const good = await run(`test "$1" = ${verb} && test -z "$PATH" && echo '${pods}'`)
  expect(good).toMatchObject({ exitCode: 0, stderr: '' })
  expect(await run('echo broken >&2; exit 3')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringMatching(/^old: cannot be (built|rendered): broken$/),
  })
  const garbage = await run('echo "Warning: deprecated"; echo "---"; echo "hello"')
  expect(garbage).toMatchObject({ exitCode: 2, stdout: '' })
  expect(garbage.stderr).toMatch(/^old \((built|rendered)\):1:1: /)
  const nothing = await run('exit 0')
  expect(nothing).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^warning: old: .* makes nothing of it/) })
})

test.each([
  [
    'allows no network namespace',
    'echo 0 > /proc/sys/user/max_user_namespaces',
    /^warning: this machine allows no network namespace: /,
  ],
  ['allows them', ':', /^$/],
])('with --within, it is told whether what renders has a network: on a machine that %s', async (_, limit, told) => {
  const script = "echo '{apiVersion: v1, kind: Namespace, metadata: {name: a}}'"
  const cwd = temporaryFolder({ 'bin/kustomize': `#!/bin/sh\n${script}\n`, 'old/x': '', 'new/x': '' })
  const render = [
    process.execPath,
    join(PROJECT_ROOT, 'src/cli/main.ts'),
    'review',
    'old',
    'new',
    '--render',
    'kustomize',
  ]
  const run = (more: readonly string[]) => {
    const shell = `${limit}; PATH=$0 exec "$@"`
    const words = ['--user', '--map-root-user', 'sh', '-c', shell, join(cwd, 'bin'), ...render, ...more]
    return execa('unshare', words, { cwd, reject: false })
  }
  expect((await run(['--within', '.'])).stderr).toMatch(told)
  expect((await run([])).stderr).not.toContain('network')
})

interface Call {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly body: string
}

/** GitHub's side of comments, on loopback. */
async function comments(
  standing: readonly object[],
  status = 200,
): Promise<{ readonly url: string; readonly calls: Call[] }> {
  const calls: Call[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (data: Buffer) => (body += data.toString()))
    request.on('end', () => {
      calls.push({ method: request.method, url: request.url, body })
      response.writeHead(status, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify(request.method === 'GET' ? standing : {}))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls }
}

/** Runs the step of action.yml as a runner does: its script under bash, its environment's variables, files for what it tells. */
async function runAction(cwd: string, inputs: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>) {
  const action = parse(readFileSync(join(PROJECT_ROOT, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string }>
    runs: { steps: readonly { run: string; env: Record<string, string> }[] }
  }
  const [step] = action.runs.steps
  const filled = Object.entries(step?.env ?? {}).map(([name, text]) => {
    const value = text.replaceAll(
      /\$\{\{ inputs\.([\w-]+) \}\}/g,
      (_, input: string) => inputs[input] ?? action.inputs[input]?.default ?? '',
    )
    return [name, value.replace('${{ github.token }}', 't0ken')]
  })
  for (const name of ['summary', 'output']) writeFileSync(join(cwd, name), '')
  const run = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''], {
    cwd,
    reject: false,
    env: {
      GITHUB_ACTION_PATH: PROJECT_ROOT,
      GITHUB_WORKSPACE: cwd,
      GITHUB_STEP_SUMMARY: join(cwd, 'summary'),
      GITHUB_OUTPUT: join(cwd, 'output'),
      GITHUB_REPOSITORY: 'o/r',
      ...Object.fromEntries(filled),
      ...env,
    },
  })
  const { exitCode, stdout, stderr } = run
  return {
    exitCode,
    stdout,
    stderr,
    summary: readFileSync(join(cwd, 'summary'), 'utf8'),
    output: readFileSync(join(cwd, 'output'), 'utf8'),
  }
}

function event(cwd: string, head: string): Record<string, string> {
  const path = join(cwd, 'event.json')
  writeFileSync(
    path,
    JSON.stringify({
      repository: { full_name: 'o/r' },
      pull_request: { number: 7, head: { repo: { full_name: head } } },
    }),
  )
  return { GITHUB_EVENT_PATH: path, GITHUB_EVENT_NAME: 'pull_request' }
}

const MARKED = '<!-- selvedge review -->\nold text'

test('the action as a runner runs it: summary, outputs behind a random delimiter, the comment written over its own', async () => {
  const cwd = workspace()
  const stranger = { id: 1, body: MARKED, user: { login: 'mallory' } }
  const own = { id: 2, body: MARKED, user: { login: 'github-actions[bot]' } }
  const { url, calls } = await comments([
    stranger,
    { id: 3, body: 'hello', user: { login: 'github-actions[bot]' } },
    own,
  ])
  const run = await runAction(cwd, { before: 'old', after: 'new' }, { ...event(cwd, 'o/r'), GITHUB_API_URL: url })
  expect(run.exitCode).toBe(1)
  expect(run.summary).toContain('## Network policy: this change opens connections')
  expect(run.output).toMatch(/^opens<<(end-[0-9a-f-]{36})\n\d+\n\1\ncloses<<(end-[0-9a-f-]{36})\n0\n\2\n$/)
  expect(calls.map(({ method, url: path }) => `${method} ${path}`)).toEqual([
    'GET /repos/o/r/issues/7/comments?per_page=100&page=1',
    'PATCH /repos/o/r/issues/comments/2',
  ])
  expect((JSON.parse(calls[1]?.body ?? '') as { body: string }).body).toBe(run.summary.trimEnd() + '\n')
  // Nothing that the change holds is a command to the runner.
  const [first, ...rest] = run.stdout.split('\n')
  expect(first).toMatch(/^::stop-commands::selvedge-[0-9a-f]{32}$/)
  expect(rest.at(-1)).toBe(`::${first?.slice('::stop-commands::'.length)}::`)
})

test('the first comment is a new one; a refused one is told and changes nothing; from a fork there is none', async () => {
  const cwd = workspace()
  const inputs = { before: 'old', after: 'new', 'fail-on': 'never' }
  const first = await comments([{ id: 1, body: MARKED, user: { login: 'mallory' } }])
  expect(await runAction(cwd, inputs, { ...event(cwd, 'o/r'), GITHUB_API_URL: first.url })).toMatchObject({
    exitCode: 0,
  })
  expect(first.calls.map(({ method, url }) => `${method} ${url}`).at(-1)).toBe('POST /repos/o/r/issues/7/comments')
  const refusing = await comments([], 403)
  const told = await runAction(cwd, inputs, { ...event(cwd, 'o/r'), GITHUB_API_URL: refusing.url })
  expect(told).toMatchObject({ exitCode: 0, stderr: 'the comment cannot be written: GET was answered with HTTP 403' })
  const fork = await comments([])
  const forked = await runAction(cwd, inputs, { ...event(cwd, 'mallory/r'), GITHUB_API_URL: fork.url })
  expect(forked).toMatchObject({ exitCode: 0 })
  expect(forked.summary).toContain('opens connections')
  expect(fork.calls).toEqual([])
  const silent = await comments([])
  await runAction(cwd, { ...inputs, comment: 'false' }, { ...event(cwd, 'o/r'), GITHUB_API_URL: silent.url })
  expect(silent.calls).toEqual([])
})

test('pull_request_target is refused, by the action and by the program; inputs are no text of the shell', async () => {
  const cwd = workspace()
  const target = { GITHUB_EVENT_NAME: 'pull_request_target' }
  expect(await runAction(cwd, { before: 'old', after: 'new' }, target)).toMatchObject({
    exitCode: 2,
    summary: '',
    output: '',
    stdout: '',
  })
  const env = { ...process.env, ...target }
  const own = await execa(
    process.execPath,
    [join(PROJECT_ROOT, 'src/cli/main.ts'), 'review', 'old', 'new', '--github'],
    { cwd, env, reject: false },
  )
  expect(own).toMatchObject({ exitCode: 2, stdout: '' })
  const sly = await runAction(cwd, { before: '$(touch harm)', after: '"; touch harm; "' }, event(cwd, 'o/r'))
  expect(sly.exitCode).toBe(2)
  expect(() => readFileSync(join(cwd, 'harm'))).toThrow('ENOENT')
  const text = readFileSync(join(PROJECT_ROOT, 'action.yml'), 'utf8')
  expect([...text.matchAll(/^\s*run: (.*)$/gm)].map(([, run]) => run)).toEqual([
    `'"$GITHUB_ACTION_PATH/deploy/action/review"'`,
  ])
})
