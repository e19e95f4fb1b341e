import { expect, test, vi } from 'vitest'
import { readFlowList } from '../../compiler/flows/read-flow-list.ts'
import type { Probe } from '../../src/lab/probe.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { createWalkedLab, startWalkedCluster } from '../on-call/walked-cluster.ts'
import { policy } from '../sources/kubernetes/fake-objects.ts'

vi.setConfig({ testTimeout: 120_000 })

const probe = (from: string, port: number): Probe => ({ from, toAddress: '10.244.2.13', port, protocol: 'TCP' })
const FROM_API = { from: [{ podSelector: { matchLabels: { app: 'api' } } }], ports: [{ port: 5432 }] }

describeLab('selvedge flows, of two nodes', () => {
  test('an attempt that the receiver’s node denies is no allowed flow, though the sender’s has let it out', async () => {
    await using stack = new AsyncDisposableStack()
    const lab = await createWalkedLab()
    stack.defer(() => lab.close())
    const { run, apply, agents } = await startWalkedCluster(lab, 'flows', ['--observe'])
    apply([policy('db', { podSelector: { matchLabels: { app: 'db' } }, ingress: [FROM_API] })])
    // By another port it is known when the policy stands.
    await expect.poll(() => lab.probe([probe('web', 22)]), { timeout: 60_000 }).toEqual([false])
    expect(await lab.probe([probe('web', 5432), probe('api', 5432)])).toEqual([false, true])

    const noted = JSON.parse((await agents[0]?.ask('ask', 'flows'))?.stdout ?? '{}') as object
    expect(noted).toMatchObject({
      flows: expect.arrayContaining([sent('10.244.1.11'), sent('10.244.1.12')]) as unknown,
    })
    const { list } = readFlowList({ file: 'f', text: await run('selvedge flows -n shop -o json') })
    const told = list?.flows
      .filter(({ carries }) => 'port' in carries && carries.port === 5432)
      .map(({ source, verdict, unconfirmed }) => [source.kind === 'pod' && source.workload?.name, verdict, unconfirmed])
    expect(told?.toSorted()).toEqual([
      ['api', 'allowed', false],
      ['web', 'denied', false],
    ])
  })
})

/** As the sender's node tells of both. */
function sent(source: string): object {
  return expect.objectContaining({ source, destination: '10.244.2.13', fate: 'allowed' }) as object
}
