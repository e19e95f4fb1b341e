import { spawn } from 'node:child_process'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readFlowList } from '../../compiler/flows/read-flow-list.ts'
import { addAgents, frame, type Manner } from '../sources/agents/fake-agents.ts'
import { type FakeApi, startFakeApi } from '../sources/kubernetes/fake-api.ts'
import { namespace, pod, policy } from '../sources/kubernetes/fake-objects.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { MAIN, selvedge } from './run-selvedge.ts'

const HOSTILE = 'evil\u001b[2J\u202egone'

function answer(node: string, flows: readonly object[], more: object = {}): string {
  const at = new Date().toISOString()
  return `${JSON.stringify({ version: '0.1.0', node, at, since: at, flows, totals: [], full: false, ...more })}\n`
}

function flow(source: string, destination: string, port: number, packets = 3): object {
  const carries = { protocol: 'TCP', port }
  return { node: 'a', source, destination, carries, directed: true, packets, lastAge: 2, firstAge: 60 }
}

const IDLE_TO_DB = flow('10.244.0.7', '10.244.0.6', 5432)

/** The shop: db takes web only, idle tried. */
async function shop(manners: Readonly<Record<string, Manner>>) {
  const api = await startFakeApi()
  api.resource('namespaces').put(namespace('shop'))
  api.resource('pods').put(pod('web', { ip: '10.244.0.5' }))
  api.resource('pods').put(pod('db', { ip: '10.244.0.6' }))
  api.resource('pods').put(pod('idle', { ip: '10.244.0.7' }))
  const ingress = [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }]
  api.resource('networkpolicies').put(policy('db', { podSelector: { matchLabels: { app: 'db' } }, ingress }))
  for (const name of ['node1', ...Object.keys(manners)]) {
    api.resource('nodes').put({ apiVersion: 'v1', kind: 'Node', metadata: { name } })
  }
  return {
    api,
    agents: addAgents(api, { node1: { says: answer('node1', []) }, ...manners }),
    kubeconfig: kubeconfigFor(api),
  }
}

function kubeconfigFor({ url }: FakeApi): string {
  const config = `{apiVersion: v1, kind: Config, current-context: x, clusters: [{name: c, cluster: {server: "${url}"}}],
    users: [{name: u, user: {token: secret}}], contexts: [{name: x, context: {cluster: c, user: u}}]}`
  return join(temporaryFolder({ config }), 'config')
}

test('denied asks every agent, and says who has not answered and why', async () => {
  const { kubeconfig } = await shop({
    a: { says: answer('a', [IDLE_TO_DB]) },
    b: { complains: 'no agent listens here\n', exitCode: 3 },
    c: { phase: 'Pending' },
  })
  const { stdout, stderr, exitCode } = await selvedge(['denied', '--kubeconfig', kubeconfig])
  expect(stderr.split('\n')).toEqual(['node b: no agent listens here', 'node c: its agent does not run: Pending', ''])
  expect(exitCode).toBe(0)
  expect(stdout).toContain('shop/idle  shop/db')
  expect(stdout).toContain('ingress of shop/db: shop/db ingress[0]')
  const json = await selvedge(['denied', '-o', 'json', '--kubeconfig', kubeconfig])
  expect(JSON.parse(json.stdout)).toMatchObject({
    nodes: [
      { name: 'a', answered: true },
      { name: 'node1', answered: true },
      { name: 'b', answered: false, problem: 'no agent listens here' },
      { name: 'c', answered: false, problem: 'its agent does not run: Pending' },
    ],
    flows: [{ source: { name: 'idle' }, destination: { name: 'db' }, port: 5432 }],
  })
}, 60_000)

test('a node without an agent is told of', async () => {
  const { api, kubeconfig } = await shop({})
  api.resource('nodes').put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'bare' } })
  const { stderr, exitCode } = await selvedge(['denied', '--kubeconfig', kubeconfig])
  expect({ stderr, exitCode }).toEqual({ stderr: 'node bare: no agent runs there\n', exitCode: 0 })
}, 60_000)

test('who may not exec is told in a sentence, with the way out', async () => {
  const message = 'pods "selvedge-a" is forbidden: User "jane" cannot create resource "pods/exec"'
  const { kubeconfig } = await shop({ a: { refused: 403, message }, node1: { refused: 403, message } })
  const { stdout, stderr, exitCode } = await selvedge(['denied', '--kubeconfig', kubeconfig])
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 })
  expect(stderr).toBe(
    `the API server answers 403: ${message}; agents are asked by exec into their pods, which takes get and create on pods/exec in the ` +
      'namespace kube-system: a right worth more than this answer, so Selvedge brings no role for it (docs/security.md); let somebody ' +
      'ask who has it, or read the agents’ log: ' +
      'kubectl -n kube-system logs -l app.kubernetes.io/name=selvedge --tail=-1 | grep denied\n',
  )
}, 60_000)

test('Ctrl-C ends the waiting, and what there is is shown', async () => {
  const { kubeconfig, agents } = await shop({ a: { says: answer('a', [IDLE_TO_DB]) }, b: { sends: [] } })
  const child = spawn(process.execPath, [MAIN, 'denied', '--kubeconfig', kubeconfig], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const texts = [child.stdout, child.stderr].map((stream) => text(stream))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await expect.poll(() => [agents.asked.length, agents.open()], { timeout: 30_000 }).toEqual([3, 1])
  child.kill('SIGINT')
  const [stdout, stderr] = await Promise.all(texts)
  expect(await ended).toBe(0)
  expect(stderr).toBe('node b: not waited for any longer\n')
  expect(stdout).toContain('shop/idle')
}, 60_000)

test('one node, or a name that is none', async () => {
  const { kubeconfig, agents } = await shop({ a: { says: answer('a', [IDLE_TO_DB]) } })
  expect(await selvedge(['denied', '--node', 'a', '--kubeconfig', kubeconfig])).toMatchObject({
    exitCode: 0,
    stderr: '',
  })
  expect(agents.asked).toEqual(['a'])
  const wrong = await selvedge(['denied', '--node', 'node2', '--kubeconfig', kubeconfig])
  expect(wrong).toMatchObject({ exitCode: 3, stderr: 'no agent runs on the node "node2"; did you mean "node1"?\n' })
  const elsewhere = await selvedge(['denied', '--agent-namespace', 'tools', '--kubeconfig', kubeconfig])
  expect(elsewhere.exitCode).toBe(3)
}, 60_000)

describe('an agent that lies', () => {
  test.each<[string, string]>([
    ['is of another node', answer('b', [IDLE_TO_DB])],
    ['is none', 'Not found'],
    ['has a flow without addresses', answer('a', [flow('nobody', '10.244.0.6', 1)])],
    ['has a port that is none', answer('a', [flow('10.244.0.7', '10.244.0.6', 70_000)])],
    ['has flows that are none', answer('a', [], { flows: 'many' })],
    ['has a time that is none', answer('a', [IDLE_TO_DB], { at: 'noon' })],
    ['has an age past all dates', answer('a', [{ ...IDLE_TO_DB, lastAge: 1e300 }])],
  ])(
    '%s: its answer is left out, and nothing ends',
    async (_, says) => {
      const { kubeconfig } = await shop({ a: { says } })
      const { stdout, stderr, exitCode } = await selvedge(['denied', '--kubeconfig', kubeconfig])
      expect({ stdout, exitCode }).toEqual({ stdout: 'nothing was denied\n', exitCode: 0 })
      expect(stderr).toMatch(
        /^node a: its agent (answers something else; is it of another version\?|says that it is of another node)\n$/,
      )
    },
    60_000,
  )

  test('hostile words and names move no cursor', async () => {
    const { api, kubeconfig } = await shop({
      a: { says: answer('a', [IDLE_TO_DB]) },
      b: { complains: `${HOSTILE}\n`, exitCode: 1 },
      c: { fails: HOSTILE },
      d: { sends: [frame(1, HOSTILE), frame(3, HOSTILE)] },
      e: { refused: 500, message: HOSTILE },
      f: { phase: HOSTILE },
    })
    const reason = [{ from: [{ podSelector: { matchLabels: { [HOSTILE]: HOSTILE } } }] }]
    api.resource('networkpolicies').put(policy('two', { podSelector: {}, ingress: reason }))
    for (const output of ['text', 'wide', 'json']) {
      const { stdout, stderr } = await selvedge(['denied', '-o', output, '--kubeconfig', kubeconfig])
      expect(stdout).toContain('idle')
      for (const each of ['\u001b', '\u202e']) expect(stdout + stderr).not.toContain(each)
    }
  }, 60_000)
})

describe('flows', () => {
  const noted = (fate: string) => ({ ...IDLE_TO_DB, fate })
  const told = { observes: true, folded: [], lost: { denied: [], allowed: 0 }, full: [] }

  test('prints a file for others to read, and saves it for its owner alone', async () => {
    const { kubeconfig } = await shop({
      node1: { says: answer('node1', [noted('allowed')], told) },
      a: { says: answer('a', [noted('denied')], told) },
      b: { says: answer('b', [{ ...noted('allowed'), fate: 'eaten' }], told) },
    })
    const { stdout, stderr, exitCode } = await selvedge(['flows', '-o', 'json', '--kubeconfig', kubeconfig])
    expect({ stderr, exitCode }).toEqual({
      stderr: 'node b: its agent answers something else; is it of another version?\n',
      exitCode: 0,
    })
    const { list, diagnostics } = readFlowList({ file: 'f', text: stdout })
    expect(diagnostics).toEqual([])
    expect(list?.flows.map(({ verdict }) => verdict)).toEqual(['denied', 'allowed'])
    expect(list?.nodes.map(({ name, answered }) => [name, answered])).toEqual([
      ['a', true],
      ['node1', true],
      ['b', false],
    ])
    const file = join(temporaryFolder({ flows: 'for everybody' }), 'flows')
    chmodSync(file, 0o644)
    const saved = await selvedge(['flows', '--save', file, '-o', 'json', '--kubeconfig', kubeconfig])
    expect(saved).toMatchObject({ stdout: '', exitCode: 0 })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFlowList({ file, text: readFileSync(file, 'utf8') }).list?.flows).toHaveLength(2)
    const nowhere = await selvedge(['flows', '--save', join(file, 'below'), '--kubeconfig', kubeconfig])
    expect({ stdout: nowhere.stdout, exitCode: nowhere.exitCode }).toEqual({ stdout: '', exitCode: 3 })
  }, 60_000)

  test('says where only denied ones can be there', async () => {
    const says = answer('node1', [noted('denied')], { ...told, observes: false })
    const { kubeconfig } = await shop({ node1: { says } })
    const { stdout, stderr } = await selvedge(['flows', '--kubeconfig', kubeconfig])
    expect(stderr).toBe('only denied flows are here: no agent that answered runs with --observe\n')
    expect(stdout).toMatch(
      /^LAST +FIRST +COUNT +VERDICT +FROM +TO +PORT\n\S+ +\S+ +3 +denied +shop\/idle +shop\/db +5432\/TCP\n$/,
    )
  }, 60_000)
})

describe('watch', () => {
  /** A watch and its lines; the first look is its base. */
  function startWatch(...args: readonly string[]) {
    const child = spawn(process.execPath, [MAIN, 'watch', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    return { next: async () => String((await lines.next()).value), end: () => (child.kill('SIGINT'), ended) }
  }

  test('shows what comes and what grows, one object a line, and ends at Ctrl-C', async () => {
    const manners: Record<string, Manner> = { a: { says: answer('a', [IDLE_TO_DB]) } }
    const { kubeconfig, agents } = await shop(manners)
    const watch = startWatch('-o', 'json', '--kubeconfig', kubeconfig)
    await expect.poll(() => agents.asked.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2)
    agents.become('a', {
      says: answer('a', [flow('10.244.0.7', '10.244.0.6', 5432, 10), flow('10.244.0.7', '10.244.0.6', 22, 1)]),
    })
    const [grown, fresh] = [JSON.parse(await watch.next()) as object, JSON.parse(await watch.next()) as object]
    expect(grown).toMatchObject({
      count: 10,
      delta: 7,
      source: { namespace: 'shop', name: 'idle', address: '10.244.0.7' },
      destination: { namespace: 'shop', name: 'db' },
      protocol: 'TCP',
      port: 5432,
      direction: 'ingress',
      policies: ['shop/db'],
    })
    expect(fresh).toMatchObject({ count: 1, delta: 1, port: 22 })
    expect(await watch.end()).toBe(0)
  }, 60_000)

  test('a line each where there is no terminal', async () => {
    const { kubeconfig, agents } = await shop({ a: { says: answer('a', []) } })
    const watch = startWatch('--kubeconfig', kubeconfig)
    await expect.poll(() => agents.asked.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2)
    agents.become('a', { says: answer('a', [IDLE_TO_DB]) })
    expect(await watch.next()).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:]+ \+3 of 3: shop\/idle → shop\/db 5432\/TCP; ingress of shop\/db: shop\/db ingress\[0\]: /,
    )
    expect(await watch.end()).toBe(0)
  }, 60_000)
})
