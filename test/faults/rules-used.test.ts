import { expect, test } from 'vitest'
import type { RuleUse } from '../../compiler/lint/rule-use.ts'
import { policy } from '../oracle/make-objects.ts'
import { startAgent } from './agent-on-node.ts'
import { addressesOf, describeFaults, type PodName } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { app, POLICIES } from './policies.ts'

/** Two rules of one port for peers of their own, a wider one of another port, and one that this swallows. */
const USED = [
  ...POLICIES,
  policy('shop/idle', {
    podSelector: { matchLabels: { app: 'idle' } },
    policyTypes: ['Ingress'],
    ingress: [
      { from: [app('web')], ports: [{ port: 80 }] },
      { from: [app('other')], ports: [{ port: 81, protocol: 'UDP' }] },
      { ports: [{ port: 82, protocol: 'UDP' }] },
      { from: [app('other')], ports: [{ port: 82, protocol: 'UDP' }] },
    ],
  }),
]

describeFaults('selvedge status --rules', (faults) => {
  const send = (from: PodName, to: PodName, port: number) => {
    const [[fromAddress = ''], [toAddress = '']] = [addressesOf(from), addressesOf(to)]
    return { from: `shop/${from}`, fromAddress, to: `shop/${to}`, toAddress, protocol: 'UDP' as const, port }
  }

  test('a rule was used, was never, or cannot be told; through another class of its pods, and after an agent', async () => {
    const { lab } = faults
    const manifests = makeManifests(USED)
    let agent = startAgent(lab, { folder: manifests.folder })
    await agent.ready()
    const told = async () => {
      const { stdout, exitCode } = await agent.ask('status', '--rules', '-o', 'json')
      expect(exitCode).toBe(0)
      const { rules } = JSON.parse(stdout) as { readonly rules: readonly RuleUse[] }
      return rules.map(({ policy: of, rule, use, also }) => [of, rule, use, ...also].join(' ')).sort()
    }
    // The session that lives through all tests may have been judged already.
    const ofIdle = (rows: readonly string[]) => rows.filter((row) => row.startsWith('shop/idle '))
    expect(ofIdle(await told())).toEqual([0, 1, 2, 3].map((index) => `shop/idle ingress[${index}] never`))
    expect(await lab.probe([send('other', 'idle', 81), send('other', 'idle', 82), send('web', 'db', 5432)])).toEqual([
      true,
      true,
      true,
    ])
    const used = [
      'shop/db ingress[0] used',
      'shop/idle ingress[0] never',
      'shop/idle ingress[1] used',
      'shop/idle ingress[2] used',
      'shop/idle ingress[3] not known shop/idle ingress[2]',
      'shop/web egress[0] used',
    ]
    expect(await told()).toEqual(used)
    const { stdout } = await agent.ask('status', '--rules')
    expect(stdout).toMatch(/^POLICY +RULE +CONNECTIONS +USE$/m)
    expect(stdout).toMatch(/^shop\/idle +ingress\[1\] +\d+ +used, found so \d+s ago$/m)

    // Another class; what was known of the rules that stay is known still.
    const more = policy('shop/idle-more', {
      podSelector: { matchLabels: { app: 'idle' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [app('db')], ports: [{ port: 90 }] }],
    })
    manifests.become([...USED, more])
    await agent.ready()
    await expect.poll(told, { timeout: 20_000 }).toEqual([...used, 'shop/idle-more ingress[0] never'].sort())

    agent.signal('SIGKILL')
    await agent.ended()
    agent = startAgent(lab, { folder: manifests.folder })
    await agent.ready()
    // The classes of db and web are those of before, and have counted.
    expect(await told()).toEqual(expect.arrayContaining(['shop/db ingress[0] used', 'shop/web egress[0] used']))
  })
})
