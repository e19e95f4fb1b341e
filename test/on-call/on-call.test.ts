import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { parse } from 'yaml'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { MAIN } from '../cli/run-selvedge.ts'
import { startAgent } from '../faults/agent-on-node.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { addAgents } from '../sources/agents/fake-agents.ts'
import { startFakeApi } from '../sources/kubernetes/fake-api.ts'
import type { FakeObject } from '../sources/kubernetes/fake-objects.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { LAB_PODS, NODES, onCallObjects, PACKETS } from './on-call-cluster.ts'
import { comparable, pageSections, type PageStep } from './on-call-page.ts'

const FILE = join(PROJECT_ROOT, 'docs', 'on-call.md')
const PAGE = readFileSync(FILE, 'utf8')
const SECTIONS = pageSections(PAGE)
const UPDATING = process.env['UPDATE_GOLDEN'] === '1'
const NO_TABLE = 'add table inet selvedge\ndelete table inet selvedge\n'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

test('every section of the page is walked through, and no other', () => {
  expect(SECTIONS.map(({ title }) => title)).toEqual(Object.keys(PACKETS))
  for (const { steps } of SECTIONS) {
    expect(new Set(steps.map(({ kind }) => kind))).toEqual(new Set(['policy', 'command', 'repair']))
  }
})

describeLab('docs/on-call.md', () => {
  let lab: Lab
  /** Of a run that writes the page: what to put where. */
  const outputs: { readonly step: Extract<PageStep, { kind: 'command' }>; readonly stdout: string }[] = []

  beforeAll(async () => {
    lab = await createLab({ arrangement: 'bridged', nodes: NODES.map((name) => ({ name })), pods: [...LAB_PODS] })
  })
  afterEach(async () => {
    for (const node of NODES) await lab.loadRuleset(node, NO_TABLE)
  })
  afterAll(async () => {
    await lab.close()
    if (UPDATING) writeFileSync(FILE, written(PAGE))
  })

  test.each(SECTIONS)('$title', async ({ title, steps }) => {
    const packets = PACKETS[title] ?? []
    const objects = onCallObjects((node) => {
      const place = lab.place(node)
      return place.kind === 'pod' ? '' : place.underlay.IPv4
    })
    const policies = new Map<string, FakeObject>()
    const api = await startFakeApi()
    const { folder, become } = manifestFolder(objects)
    const agents = NODES.map((node) => startAgent(lab, { on: node, node, folder }))
    for (const agent of agents) await agent.ready()
    addAgents(
      api,
      Object.fromEntries(
        NODES.map((node, index) => [
          node,
          { runs: async () => (await agents[index]?.ask('ask', 'denied'))?.stdout ?? '' },
        ]),
      ),
    )
    for (const object of objects) api.resource(`${object.kind.toLowerCase()}s`).put(object)
    const run = shell(api.url)

    expect(await lab.probe(packets)).toEqual(packets.map(() => true))
    for (const step of steps) {
      if (step.kind === 'command') {
        const { all } = await run(step.command)
        const stdout = `${all}\n`
        if (UPDATING && !step.printed.includes('…\n')) outputs.push({ step, stdout })
        else expect(comparable(stdout), step.command).toMatch(patternOf(comparable(step.printed)))
        continue
      }
      const policy = parse(step.yaml) as FakeObject
      policies.set(policy.metadata.name, policy)
      api.resource('networkpolicies').put(policy)
      become([...policies.values()])
      // The kernel has it when its packets say so.
      await expect
        .poll(() => lab.probe(packets), { timeout: 60_000, interval: 500 })
        .toEqual(packets.map(() => step.kind === 'repair'))
    }
  })

  function written(page: string): string {
    return outputs
      .toSorted((left, right) => right.step.at - left.step.at)
      .reduce(
        (text, { step: { at, printed }, stdout }) => text.slice(0, at) + stdout + text.slice(at + printed.length),
        page,
      )
  }
})

/** As the page has it, `…` for any lines. */
function patternOf(printed: string): RegExp {
  const escaped = printed.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll(/^…\n/gm, '[^]*')}$`)
}

/** A shell in which `selvedge` is the program, and the cluster is the one of kubectl. */
function shell(server: string) {
  const folder = temporaryFolder({
    'bin/selvedge': `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`,
    config: `{apiVersion: v1, kind: Config, current-context: x, clusters: [{name: c, cluster: {server: "${server}"}}],
      users: [{name: u, user: {token: t}}], contexts: [{name: x, context: {cluster: c, user: u}}]}`,
  })
  const env = {
    PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    KUBECONFIG: join(folder, 'config'),
    NO_COLOR: '1',
  }
  return (command: string) => execa('bash', ['-c', command], { cwd: folder, env, all: true, reject: false })
}

/** What the agents read: the cluster as files, policies that change in one instant. */
function manifestFolder(objects: readonly FakeObject[]) {
  const outer = mkdtempSync(join(tmpdir(), 'selvedge-on-call-'))
  onTestFinished(() => rmSync(outer, { recursive: true, force: true }))
  const folder = mkdtempSync(join(outer, 'manifests-'))
  const write = (name: string, items: readonly FakeObject[]) => {
    const draft = join(outer, name)
    writeFileSync(draft, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
    renameSync(draft, join(folder, name))
  }
  write('cluster.json', objects)
  write('policies.json', [])
  return { folder, become: (policies: readonly FakeObject[]) => write('policies.json', policies) }
}
