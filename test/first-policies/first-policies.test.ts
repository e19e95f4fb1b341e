import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { Probe } from '../../src/lab/probe.ts'
import type { AgentAudit } from '../../src/telemetry/agent-audit.ts'
import type { AgentOnNode } from '../faults/agent-on-node.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { createWalkedLab, startWalkedCluster } from '../on-call/walked-cluster.ts'
import { walkedPage } from '../on-call/walked-page.ts'
import type { FakeObject } from '../sources/kubernetes/fake-objects.ts'

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
    const lab = await createWalkedLab()
    stack.defer(() => lab.close())
    const page = walkedPage('first-policies.md', comparable)
    const { folder, agents, run, apply, asks } = await startWalkedCluster(lab, 'flows', ['--observe'])

    expect(await lab.probe([...SEEN])).toEqual(SEEN.map(() => true))
    for (const { steps } of page.sections) {
      for (const step of steps) {
        if (step.kind !== 'command') throw new Error(`a block that nothing does: ${step.kind}`)
        if (step.command.startsWith('selvedge audit')) {
          apply(policiesIn(folder))
          for (const agent of agents) await expect.poll(() => isWatching(agent), { timeout: 60_000 }).toBe(true)
          for (const probes of [SEEN, NEVER_SEEN]) expect(await lab.probe([...probes])).toEqual(probes.map(() => true))
          asks('audit')
        }
        if (step.command.startsWith('selvedge denied')) {
          apply(policiesIn(folder))
          // The kernel has them when a packet says so.
          await expect.poll(() => lab.probe([...NEVER_SEEN]), { timeout: 60_000 }).toEqual([false, false])
          expect(await lab.probe([...SEEN])).toEqual(SEEN.map(() => true))
          asks('denied')
        }
        page.meets(step, await run(step.command))
      }
    }
    expect(await run('selvedge suggest -n shop --flows flows.json 2>/dev/null')).toBe('')
    page.save()
  })
})

function policiesIn(folder: string): readonly FakeObject[] {
  const documents = parseAllDocuments(readFileSync(join(folder, 'policies.yaml'), 'utf8'))
  return documents.map((document) => document.toJS() as FakeObject)
}

/** Does it note what the audited policies would deny, without a gap since they stand? */
async function isWatching(agent: AgentOnNode): Promise<boolean> {
  const { window, policies } = JSON.parse((await agent.ask('ask', 'audit')).stdout) as AgentAudit
  return window.since !== null && policies.length > 0 && policies.every(({ since }) => since !== null)
}

/** How often and when something was seen, and the addresses of nodes, are each run's own. */
function comparable(text: string): string {
  return text
    .replaceAll(/seen (once|[\d,]+ times)/g, 'seen N times')
    .replaceAll(/last at\s+\S+/g, 'last at TIME')
    .replaceAll(/\b(for|last|in) \d+[smh]\b/g, '$1 AGE')
    .replaceAll(/^ +(?=\d+[smh] +\d+[smh] )/gm, '')
    .replaceAll(/\d+\.\d+\.\d+\.\d+(?=[/),])/g, 'ADDRESS')
}
