import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { MAIN } from '../cli/run-selvedge.ts'
import { type AgentOnNode, startAgent } from '../faults/agent-on-node.ts'
import { addAgents } from '../sources/agents/fake-agents.ts'
import { startFakeApi } from '../sources/kubernetes/fake-api.ts'
import type { FakeObject } from '../sources/kubernetes/fake-objects.ts'
import { kubeconfigText } from '../support/kubeconfig-text.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { LAB_PODS, NODES, onCallObjects } from './on-call-cluster.ts'

/** The cluster of the pages, without policies: agents on the nodes of a lab, and a fake API server whose exec asks them. */
export interface WalkedCluster {
  /** Where the commands of the page are typed. */
  readonly folder: string
  readonly agents: readonly AgentOnNode[]
  /** Runs a command in a shell in which `selvedge` is the program, and the cluster is the one of kubectl; what it printed. */
  readonly run: (command: string) => Promise<string>
  /** These policies stand from now on, beside those of before; the agents learn of all in one instant. */
  readonly apply: (policies: readonly FakeObject[]) => void
  /** What the agents are asked from now on, whatever the command. */
  readonly asks: (word: Question) => void
}

type Question = 'audit' | 'denied' | 'flows'

/** Its nodes and pods. */
export function createWalkedLab(): Promise<Lab> {
  return createLab({ arrangement: 'bridged', nodes: NODES.map((name) => ({ name })), pods: [...LAB_PODS] })
}

/** Ended with the test, but for the lab. */
export async function startWalkedCluster(lab: Lab, word: Question, flags: readonly string[]): Promise<WalkedCluster> {
  const objects = onCallObjects((node) => {
    const place = lab.place(node)
    return place.kind === 'pod' ? '' : place.underlay.IPv4
  })
  const api = await startFakeApi()
  for (const object of objects) api.resource(`${object.kind.toLowerCase()}s`).put(object)
  const outer = temporaryFolder({
    'bin/selvedge': `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`,
    config: kubeconfigText(api.url),
  })
  const [folder = '', manifests = ''] = ['here', 'manifests'].map((name) => join(outer, name))
  for (const made of [folder, manifests]) mkdirSync(made)
  const write = (name: string, items: readonly FakeObject[]): void => {
    const draft = join(outer, name)
    writeFileSync(draft, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
    renameSync(draft, join(manifests, name))
  }
  write('cluster.json', objects)
  const agents = NODES.map((node) => startAgent(lab, { on: node, node, folder: manifests, flags }))
  for (const agent of agents) await agent.ready()
  let asked = word
  const manners = NODES.map((node, index) => {
    return [node, { runs: async () => (await agents[index]?.ask('ask', asked))?.stdout ?? '' }] as const
  })
  addAgents(api, Object.fromEntries(manners))
  const env = {
    PATH: `${join(outer, 'bin')}:${process.env['PATH'] ?? ''}`,
    KUBECONFIG: join(outer, 'config'),
    NO_COLOR: '1',
  }
  const standing = new Map<string, FakeObject>()
  return {
    folder,
    agents,
    async run(command) {
      const { all } = await execa('bash', ['-c', command], { cwd: folder, env, all: true, reject: false })
      return all === '' ? '' : `${all}\n`
    },
    apply(policies) {
      for (const policy of policies) {
        standing.set(policy.metadata.name, policy)
        api.resource('networkpolicies').put(policy)
      }
      write('policies.json', [...standing.values()])
    },
    asks: (next) => void (asked = next),
  }
}
