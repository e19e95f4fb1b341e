import { expect, test } from 'vitest'
import { withMode } from '../arbitraries/audited.ts'
import { type AgentOnNode, startAgent } from '../faults/agent-on-node.ts'
import { addressesOf, describeFaults } from '../faults/fault-lab.ts'
import { makeManifests } from '../faults/manifests.ts'
import { app, atDatabase, more, POLICIES } from '../faults/policies.ts'
import type { AgentAudit } from '../../src/telemetry/agent-audit.ts'
import { auditReport } from '../../src/views/audit-report.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { policy } from '../oracle/make-objects.ts'
import type { RawRule } from '../oracle/raw-cluster.ts'

interface Row {
  readonly source: { readonly name?: string }
  readonly destination: { readonly name?: string }
  readonly port: number | null
  readonly direction: string
}

interface Report {
  readonly verdict: string
  readonly why: readonly string[]
  readonly window: number | null
  readonly policies: readonly {
    readonly policy: string
    readonly denies: readonly Row[]
    readonly opens: readonly Row[]
    readonly rules: readonly { readonly rule: string; readonly use: string; readonly connections: number }[]
  }[]
}

/** other may begin nothing but this. */
const other = (...egress: readonly RawRule[]) =>
  policy('shop/other', { podSelector: { matchLabels: { app: 'other' } }, policyTypes: ['Egress'], egress })

describeFaults('selvedge audit', (faults) => {
  test('announces what enforcing would cut, live connections too, and what it would open; then says safe, and it is', async () => {
    const { lab, session } = faults
    const [otherAddress = ''] = addressesOf('other')
    const [idleAddress = ''] = addressesOf('idle')
    const [dbAddress = ''] = addressesOf('db')
    await lab.serve('shop/idle', { tcp: [8080] })
    const manifests = makeManifests(POLICIES)
    const agent = startAgent(lab, { folder: manifests.folder })
    await agent.ready()
    const pool = await lab.session({ from: 'shop/other', toAddress: idleAddress, port: 8080, protocol: 'TCP' })
    expect(await pool.progresses(10_000)).toBe(true)
    const report = async (exitCode: number | readonly number[]): Promise<Report> => {
      const { stdout, ...end } = await agent.ask('audit', '-f', manifests.folder, '-o', 'json')
      expect([exitCode].flat()).toContain(end.exitCode)
      return JSON.parse(stdout) as Report
    }
    const told = ({ policies }: Report, kind: 'denies' | 'opens') =>
      policies.flatMap((one) =>
        one[kind].map(
          ({ source, destination, port, direction }) =>
            `${one.policy}: ${source.name} > ${destination.name} ${port} by ${direction}`,
        ),
      )
    expect(await report(0)).toMatchObject({ verdict: 'nothing audited', policies: [] })

    const opening = withMode(more({ from: [app('idle')], ports: atDatabase }), 'audit')
    manifests.become([...POLICIES, withMode(other(), 'audit'), opening])
    const announced = async () => told(await report([0, 1, 3]), 'denies')
    await expect.poll(announced, { timeout: 30_000 }).toEqual(['shop/other: other > idle 8080 by egress'])
    const asIdle = { from: 'shop/idle', fromAddress: idleAddress, to: 'shop/db', toAddress: dbAddress }
    expect(await lab.probe([{ ...asIdle, protocol: 'UDP' as const, port: 5432 }])).toEqual([false])
    const first = await report(1)
    expect(first.verdict).toBe('denies')
    // db is isolated already, so nobody asks the audited policy, and nobody can say that it never matched.
    expect(first.policies[0]?.rules).toMatchObject([{ rule: 'ingress[0]', use: 'not asked' }])
    const counted = () => agent.metric('selvedge_would_deny_total{namespace="shop",direction="egress"}')
    await expect.poll(counted, { timeout: 60_000, interval: 1_000 }).toBeGreaterThan(0)
    expect(told(first, 'opens')).toEqual(['shop/more: idle > db 5432 by ingress'])
    // Nobody has noticed.
    expect(await pool.progresses(10_000)).toBe(true)
    expect(await session.progresses(10_000)).toBe(true)
    expect((await agent.status())?.enforced?.policies.filter(({ state }) => state === 'audited')).toMatchObject([
      { policy: 'shop/more', selects: ['shop/db'] },
      { policy: 'shop/other', selects: ['shop/other'] },
    ])
    const logged = agent.log.filter(({ msg }) => msg.startsWith('policy is only audited'))
    expect(new Set(logged.map((line) => line['policy']))).toEqual(new Set(['shop/more', 'shop/other']))

    // What it grants now is what was seen.
    const granting = other(
      { to: [app('idle')], ports: [{ port: 8080 }] },
      { to: [app('web')], ports: [{ port: 9090 }] },
    )
    manifests.become([...POLICIES, withMode(granting, 'audit')])
    await expect.poll(async () => (await report([0, 1, 3])).verdict, { timeout: 30_000 }).toBe('safe')
    const asOther = { from: 'shop/other', fromAddress: otherAddress, to: 'shop/idle', toAddress: idleAddress }
    expect(await lab.probe([{ ...asOther, protocol: 'TCP' as const, port: 8080 }])).toEqual([true])
    const safe = await report(0)
    expect(safe).toMatchObject({ why: [], policies: [{ policy: 'shop/other', denies: [] }] })
    expect(safe.window).toBeTypeOf('number')
    expect(safe.policies[0]?.rules).toMatchObject([
      { rule: 'egress[0]', use: 'used' },
      { rule: 'egress[1]', use: 'never', connections: 0 },
    ])
    manifests.become([...POLICIES, granting])
    const isolated = async () => (await agent.status())?.enforced?.pods.map(({ pod }) => pod)
    await expect.poll(isolated, { timeout: 30_000 }).toContain('shop/other')
    expect(await pool.progresses(10_000)).toBe(true)
    expect(await lab.probe([{ ...asOther, protocol: 'UDP' as const, port: 80 }])).toEqual([false])
    await pool.close()
  }, 180_000)

  test('a new agent is not safe before it has judged live connections; with --established keep it never is', async () => {
    const { lab } = faults
    const manifests = makeManifests([...POLICIES, withMode(other(), 'audit')])
    const start = async (...flags: readonly string[]) => {
      const agent = startAgent(lab, { folder: manifests.folder, flags })
      await agent.ready()
      const ask = async () =>
        JSON.parse((await agent.ask('audit', '-f', manifests.folder, '-o', 'json')).stdout) as Report
      return { agent, ask }
    }
    const first = await start()
    await expect.poll(async () => (await first.ask()).window, { timeout: 30_000 }).toBeTypeOf('number')
    const generation = (await first.agent.status())?.enforced?.generation
    first.agent.signal('SIGTERM')
    await first.agent.ended()
    const second = await start()
    await expect.poll(async () => (await second.ask()).window, { timeout: 30_000 }).toBeTypeOf('number')
    expect((await second.agent.status())?.enforced?.generation).not.toBe(generation)
    second.agent.signal('SIGTERM')
    await second.agent.ended()
    const keeping = await start('--established', 'keep')
    const told = await keeping.ask()
    expect(told.verdict).not.toBe('safe')
    expect(told.why.join()).toContain('--established keep')
  }, 180_000)

  test('what was noted is told when the table has been built anew, since it is read before', async () => {
    const { lab } = faults
    const [otherAddress = ''] = addressesOf('other')
    const [idleAddress = ''] = addressesOf('idle')
    const manifests = makeManifests([...POLICIES, withMode(other(), 'audit')])
    const agent = startAgent(lab, { folder: manifests.folder })
    await agent.ready()
    const asOther = { from: 'shop/other', fromAddress: otherAddress, to: 'shop/idle', toAddress: idleAddress }
    const rebuilt = () => agent.log.filter(({ msg, reason }) => msg === 'applied' && reason === 'drift').length
    /** Is a connection told that came just before somebody put a rule of his own into our table? */
    const isKept = async (port: number): Promise<boolean> => {
      const before = rebuilt()
      expect(await lab.probe([{ ...asOther, protocol: 'UDP' as const, port }])).toEqual([true])
      await lab.loadRuleset('node-1', 'add rule inet selvedge allow counter\n')
      await expect.poll(rebuilt, { timeout: 30_000 }).toBeGreaterThan(before)
      const { denies } = JSON.parse((await agent.ask('ask', 'audit')).stdout) as AgentAudit
      return denies.some(({ carries }) => 'port' in carries && carries.port === port)
    }
    // On a busy machine a second may be too short.
    await expect.poll(() => isKept(5_000 + rebuilt()), { timeout: 120_000 }).toBe(true)
  }, 180_000)

  test.each([
    ['a node without a pod that is asked of', []],
    // Its agent gives out a number at once, and no other before something narrows.
    ['such a node under the hold', ['--hold', 'on', '--hold-cidr', '10.244.9.0/24', '--hold-open-after', '600']],
  ])(
    '%s does not stand in the way of safe, nor when its agent begins anew; with another text of the policy it does',
    async (_what, flags) => {
      const { lab } = faults
      const policies = [...POLICIES, withMode(other({ to: [app('idle')], ports: [{ port: 8080 }] }), 'audit')]
      const manifests = { 'node-1': makeManifests(policies), 'node-2': makeManifests(policies) }
      const cache = temporaryFolder()
      const start = async (on: 'node-1' | 'node-2') => {
        const agent = startAgent(lab, {
          on,
          node: on,
          folder: manifests[on].folder,
          flags: [...flags, '--cni-cache', cache],
        })
        await agent.ready()
        return agent
      }
      const told = async (...agents: readonly AgentOnNode[]) => {
        const answers = await Promise.all(agents.map((agent) => agent.ask('ask', 'audit')))
        return auditReport(
          answers.map(({ stdout }) => JSON.parse(stdout) as AgentAudit),
          [],
          () => true,
        )
      }
      const [here, there] = [await start('node-1'), await start('node-2')]
      const safe = { verdict: 'safe', why: [], nodes: ['node-1', 'node-2'] }
      await expect.poll(() => told(here, there), { timeout: 30_000 }).toMatchObject(safe)
      there.signal('SIGTERM')
      await there.ended()
      const again = await start('node-2')
      await expect.poll(() => told(here, again), { timeout: 30_000 }).toMatchObject(safe)
      // As where the watch of the other one has died.
      manifests['node-1'].become([...POLICIES, withMode(other(), 'audit')])
      const why = ['nodes node-1 and node-2 hold different texts of shop/other']
      await expect.poll(() => told(here, again), { timeout: 30_000 }).toMatchObject({ verdict: 'not told', why })
      manifests['node-2'].become([...POLICIES, withMode(other(), 'audit')])
      await expect.poll(() => told(here, again), { timeout: 30_000 }).toMatchObject(safe)
    },
    180_000,
  )
})
