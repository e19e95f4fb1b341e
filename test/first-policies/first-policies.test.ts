import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test, vi } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Probe } from '../../src/lab/probe.ts'
import { MAIN } from '../cli/run-selvedge.ts'
import { type AgentOnNode, startAgent } from '../faults/agent-on-node.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { LAB_PODS, NODES, onCallObjects } from '../on-call/on-call-cluster.ts'
import { pageSections } from '../on-call/on-call-page.ts'
import { addAgents } from '../sources/agents/fake-agents.ts'
import { startFakeApi } from '../sources/kubernetes/fake-api.ts'
import type { FakeObject } from '../sources/kubernetes/fake-objects.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const FILE = join(PROJECT_ROOT, 'docs', 'first-policies.md')
const PAGE = readFileSync(FILE, 'utf8')
const UPDATING = process.env['UPDATE_GOLDEN'] === '1'

vi.setConfig({ testTimeout: 240_000 })

/** What works today, and has to work afterwards. */
const SEEN: readonly Probe[] = [
  { from: 'controller', toAddress: '10.244.1.11', port: 8080, protocol: 'TCP' },
  { from: 'web', toAddress: '10.244.1.12', port: 9102, protocol: 'TCP' },
  { from: 'api', toAddress: '10.244.2.13', port: 5432, protocol: 'TCP' },
  { from: 'api', toAddress: '10.244.2.53', port: 53, protocol: 'UDP' },
  { from: 'node-2', toAddress: '10.244.1.12', port: 9102, protocol: 'TCP' },
]
const NEVER_SEEN: readonly Probe[] = [
  { from: 'web', toAddress: '10.244.2.13', port: 5432, protocol: 'TCP' },
  { from: 'api', toAddress: '10.244.2.13', port: 22, protocol: 'TCP' },
]

describeLab('docs/first-policies.md', () => {
  test('what was seen passes when the suggested policies are enforced, and what was never seen does not', async () => {
    await using stack = new AsyncDisposableStack()
    const lab = await createLab({
      arrangement: 'bridged',
      nodes: NODES.map((name) => ({ name })),
      pods: [...LAB_PODS],
    })
    stack.defer(() => lab.close())
    const objects = onCallObjects((node) => {
      const place = lab.place(node)
      return place.kind === 'pod' ? '' : place.underlay.IPv4
    })
    const api = await startFakeApi()
    for (const object of objects) api.resource(`${object.kind.toLowerCase()}s`).put(object)
    const folder = temporaryFolder({ 'manifests/cluster.json': listOf(objects) })
    const agents = NODES.map((node) =>
      startAgent(lab, { on: node, node, folder: join(folder, 'manifests'), flags: ['--observe'] }),
    )
    for (const agent of agents) await agent.ready()
    const asked = addAgents(api, manners(agents, 'flows'))
    const run = shell(folder, api.url)
    const apply = (): void => {
      const documents = parseAllDocuments(readFileSync(join(folder, 'policies.yaml'), 'utf8'))
      const policies = documents.map((document) => document.toJS() as FakeObject)
      for (const policy of policies) api.resource('networkpolicies').put(policy)
      writeFileSync(join(folder, 'draft'), listOf(policies))
      renameSync(join(folder, 'draft'), join(folder, 'manifests', 'policies.json'))
    }

    expect(await lab.probe([...SEEN])).toEqual(SEEN.map(() => true))
    const printed: { readonly at: number; readonly before: string; readonly now: string }[] = []
    for (const { title, steps } of pageSections(PAGE)) {
      for (const step of steps) {
        if (step.kind !== 'command') throw new Error(`a block that nothing does: ${step.kind}`)
        if (step.command.startsWith('selvedge denied')) {
          apply()
          // The kernel has them when a packet says so.
          await expect.poll(() => lab.probe([...NEVER_SEEN]), { timeout: 60_000 }).toEqual([false, false])
          expect(await lab.probe([...SEEN])).toEqual(SEEN.map(() => true))
          for (const [node, manner] of Object.entries(manners(agents, 'denied'))) asked.become(node, manner)
        }
        const { all } = await run(step.command)
        const now = all === '' ? '' : `${all}\n`
        if (UPDATING && !step.printed.includes('…\n')) printed.push({ at: step.at, before: step.printed, now })
        else expect(comparable(now), `${title}: ${step.command}`).toMatch(patternOf(comparable(step.printed)))
      }
    }
    const again = await run('selvedge suggest -n shop --flows flows.json 2>/dev/null')
    expect(again.all).toBe('')
    if (UPDATING) writeFileSync(FILE, written(printed))
  })
})

function manners(agents: readonly AgentOnNode[], word: string) {
  return Object.fromEntries(
    NODES.map((node, index) => [node, { runs: async () => (await agents[index]?.ask('ask', word))?.stdout ?? '' }]),
  )
}

function listOf(items: readonly FakeObject[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
}

function written(printed: readonly { readonly at: number; readonly before: string; readonly now: string }[]): string {
  return printed
    .toReversed()
    .reduce((text, { at, before, now }) => text.slice(0, at) + now + text.slice(at + before.length), PAGE)
}

/** Counts, ages, times and widths are each run's own. */
function comparable(text: string): string {
  return text
    .replaceAll(/seen (once|[\d,]+ times)/g, 'seen N times')
    .replaceAll(/last at\s+\S+/g, 'last at TIME')
    .replaceAll(/^\d+[smh] +\d+[smh] +[\d,]+ /gm, 'AGE AGE N ')
    .replaceAll(/\d+\.\d+\.\d+\.\d+(?=[/),])/g, 'ADDRESS')
    .replaceAll(/ {2,}(?=\S)/g, '  ')
}

function patternOf(printed: string): RegExp {
  const escaped = printed.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll(/^…\n/gm, '[^]*')}$`)
}

/** A shell in the folder, in which `selvedge` is the program, and the cluster is the one of kubectl. */
function shell(folder: string, server: string) {
  const tools = temporaryFolder({
    'bin/selvedge': `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`,
    config: `{apiVersion: v1, kind: Config, current-context: x, clusters: [{name: c, cluster: {server: "${server}"}}],
      users: [{name: u, user: {token: t}}], contexts: [{name: x, context: {cluster: c, user: u}}]}`,
  })
  const env = {
    PATH: `${join(tools, 'bin')}:${process.env['PATH'] ?? ''}`,
    KUBECONFIG: join(tools, 'config'),
    NO_COLOR: '1',
  }
  return (command: string) => execa('bash', ['-c', command], { cwd: folder, env, all: true, reject: false })
}
