import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { frame } from '../sources/agents/fake-agents.ts'
import { policy } from '../sources/kubernetes/fake-objects.ts'
import { answer, askedShop, flow, IDLE_TO_DB } from './asked-shop.ts'
import { MAIN, selvedge } from './run-selvedge.ts'

const HOSTILE = 'evil\u001b[2J\u202egone'

test('denied asks every agent, and says who has not answered and why', async () => {
  const { kubeconfig } = await askedShop({
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

test('--since, --from and --to choose', async () => {
  const old = { ...flow('10.244.0.7', '10.244.0.6', 22), lastAge: 100 }
  const scan = { node: 'a', fate: 'denied', source: '203.0.113.9', flows: 300, ports: 300, addresses: 1, packets: 300 }
  const rows = [IDLE_TO_DB, old]
  const folded = [{ ...scan, lastAge: 100, firstAge: 200 }]
  const { kubeconfig } = await askedShop({ a: { says: answer('a', rows, { folded }) } })
  const told = async (...args: readonly string[]) => {
    const { stdout } = await selvedge(['denied', '-o', 'json', '--kubeconfig', kubeconfig, ...args])
    const found = JSON.parse(stdout) as { flows: readonly { port: number }[]; folded: readonly unknown[] }
    return [found.flows.map(({ port }) => port), found.folded.length]
  }
  expect(await told()).toEqual([[5432, 22], 1])
  expect(await told('--since', '1m')).toEqual([[5432], 0])
  expect(await told('--from', 'idle', '--to', 'web')).toEqual([[], 0])
}, 60_000)

test.each(['denied', 'watch', 'flows', 'audit', 'lint --ask-agents'])(
  '%s: where there is no cluster to ask, that is said once, and no word of manifests',
  async (command) => {
    const run = await selvedge([...command.split(' '), '--kubeconfig', '/none'])
    const stderr =
      '/none: no such file or directory; name the kubeconfig of the cluster with --kubeconfig or KUBECONFIG\n'
    expect(run).toEqual({ exitCode: 3, stdout: '', stderr })
  },
)

test('a node without an agent is told of', async () => {
  const { api, kubeconfig } = await askedShop({})
  api.resource('nodes').put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'bare' } })
  const { stderr, exitCode } = await selvedge(['denied', '--kubeconfig', kubeconfig])
  expect({ stderr, exitCode }).toEqual({ stderr: 'node bare: no agent runs there\n', exitCode: 0 })
}, 60_000)

test('what an agent says instead of an answer is told in its own words, of one and where no other has answered', async () => {
  const words = 'the kernel could not be read'
  const says = `${JSON.stringify({ error: words })}\n`
  const { kubeconfig, agents } = await askedShop({ a: { says } })
  const one = await selvedge(['denied', '--kubeconfig', kubeconfig])
  expect(one).toEqual({ exitCode: 0, stdout: 'nothing was denied\n', stderr: `node a: ${words}\n` })
  agents.become('node1', { says })
  const none = await selvedge(['denied', '--kubeconfig', kubeconfig])
  const told = `node a: ${words}\nnode node1: ${words}\nno agent has answered\n`
  expect(none).toEqual({ exitCode: 3, stdout: '', stderr: told })
}, 60_000)

test('who may not exec is told in a sentence, with the way out', async () => {
  const message = 'pods "selvedge-a" is forbidden: User "jane" cannot create resource "pods/exec"'
  const { kubeconfig } = await askedShop({ a: { refused: 403, message }, node1: { refused: 403, message } })
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
  const { kubeconfig, agents } = await askedShop({ a: { says: answer('a', [IDLE_TO_DB]) }, b: { sends: [] } })
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
  const { kubeconfig, agents } = await askedShop({ a: { says: answer('a', [IDLE_TO_DB]) } })
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
      const { kubeconfig } = await askedShop({ a: { says } })
      const { stdout, stderr, exitCode } = await selvedge(['denied', '--kubeconfig', kubeconfig])
      expect({ stdout, exitCode }).toEqual({ stdout: 'nothing was denied\n', exitCode: 0 })
      expect(stderr).toMatch(
        /^node a: its agent (answers something else; is it of another version\?|says that it is of another node)\n$/,
      )
    },
    60_000,
  )

  test('hostile words and names move no cursor', async () => {
    const { api, kubeconfig } = await askedShop({
      a: { says: answer('a', [IDLE_TO_DB]) },
      b: { complains: `${HOSTILE}\n`, exitCode: 1 },
      c: { fails: HOSTILE },
      d: { sends: [frame(1, HOSTILE), frame(3, HOSTILE)] },
      e: { refused: 500, message: HOSTILE },
      f: { phase: HOSTILE },
      g: { says: JSON.stringify({ error: HOSTILE }) },
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
