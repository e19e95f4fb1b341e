import { expect, test } from 'vitest'
import { bootTableText, removeBootTableText } from '../../compiler/nftables/boot-table.ts'
import type { EngineChange } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS, type RulesetOptions } from '../../compiler/nftables/options.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import type { Sandbox } from '../../compiler/objects/sandbox.ts'
import { kernelOfNode } from '../../src/agent/kernel-of-node.ts'
import type { Application } from '../../src/agent/application.ts'
import { createReconciler } from '../../src/agent/reconciler.ts'
import { createNft } from '../../src/kernel/run-nft.ts'
import { runCommand } from '../../src/lab/run-command.ts'
import { useNamespace } from '../kernel-room/namespace.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { surePut } from '../laws/changes-of.ts'
import { holdChanges } from '../laws/hold-changes.ts'
import { namespace, pod, policy } from '../oracle/make-objects.ts'

const ADDRESSES = ['10.244.1.10', 'fd44:0:0:1::10']
const GENERATION = 7

const POLICY = policy('shop/closed', { podSelector: {}, policyTypes: ['Ingress'] })
const webOf = (uid: string) => pod('shop/web', ADDRESSES.join(' '), { metadata: { uid } })
/** web of this uid in its sandbox, under the hold, with some policy. */
const standing = (uid: string): readonly EngineChange[] => [
  ...[namespace('shop', {}), webOf(uid), POLICY].map(surePut),
  ...holdChanges({
    node: 'node-1',
    subnets: ['10.244.1.0/24', 'fd44:0:0:1::/64'],
    sandboxes: [{ key: 'k', uid, namespace: 'shop', name: 'web', addresses: ADDRESSES, order: 1 }],
  }),
]
const given = (uid: string): Sandbox => {
  const named = { kind: 'Sandbox', key: 'k-2', id: 'k-2', uid, namespace: 'shop', name: 'other' } as const
  return { ...named, addresses: ADDRESSES, order: 2, writtenAt: 0 }
}

describeLab('an agent that starts where a table stands', () => {
  const node = useNamespace()
  const command = node.enter('nft')
  const list = async (...words: readonly string[]) => (await runCommand(node.enter('nft', 'list', ...words))).stdout
  const boot = () => node.nft(bootTableText({ bridge: 'cni0', opensAfterSeconds: 600 }))
  const isBootTableThere = async () => (await list('tables')).includes('selvedge-boot')

  /** What an agent left, by flags of its own; then the next one, before it has been told anything. */
  async function after(
    left: readonly EngineChange[],
    its: Partial<RulesetOptions> = {},
    ours: Partial<RulesetOptions> = {},
  ) {
    const [written, ruleset] = [its, ours].map((some) => ({ ...DEFAULT_OPTIONS, ...some })) as [
      RulesetOptions,
      RulesetOptions,
    ]
    await node.nft('flush ruleset\n')
    const before = createEngine({ isLocal: () => true, ruleset: written })
    before.apply(left)
    await node.nft(rulesetText(before.ruleset(), written, GENERATION))
    const applications: Application[] = []
    const nft = createNft({ command, timeoutMilliseconds: 60_000 })
    const inUse = () => Promise.resolve({ carried: new Set<number>(), complete: true })
    const kernel = kernelOfNode({ nft, markMask: ruleset.markMask, allocated: () => undefined, inUse })
    /** What nft refuses. */
    const refused = { text: /^$/ }
    const clock = { milliseconds: 0 }
    const reconciler = createReconciler({
      engine: createEngine({ isLocal: () => true, ruleset }),
      kernel: {
        ...kernel,
        apply: (text) =>
          refused.text.test(text)
            ? Promise.resolve({ ok: false, kind: 'other', message: 'refused' })
            : kernel.apply(text),
      },
      ruleset,
      now: () => clock.milliseconds,
      verified: () => undefined,
      applied: (application) => applications.push(application),
      bootTable: { isThere: isBootTableThere, removal: removeBootTableText() },
    })
    return { reconciler, applications, refused, clock }
  }

  const passing = () => Promise.all(['local4', 'local6'].map((set) => list('set', 'inet', 'selvedge', set)))

  test('equal, it makes no transaction; but for the table of a boot, which goes', async () => {
    const { reconciler, applications } = await after(standing('one'))
    expect(await reconciler.start(standing('one'))).toBe(true)
    expect(applications).toEqual([])
    const next = await after(standing('one'))
    await boot()
    const text = await list('table', 'inet', 'selvedge')
    expect(await next.reconciler.start(standing('one'))).toBe(true)
    expect(next.applications).toMatchObject([{ ok: true, transactions: 1, generation: GENERATION }])
    expect(await isBootTableThere()).toBe(false)
    expect(await list('table', 'inet', 'selvedge')).toBe(text)
  })

  test('otherwise the table of a boot goes with the last transaction that makes it right', async () => {
    const { reconciler, applications } = await after(standing('one'))
    await boot()
    expect(await reconciler.start([...standing('one'), surePut(policy('shop/more', { podSelector: {} }))])).toBe(true)
    expect(await isBootTableThere()).toBe(false)
    expect(applications.length).toBeLessThanOrEqual(1)
    await boot()
    await reconciler.apply([surePut(policy('shop/egress', { podSelector: {}, policyTypes: ['Egress'] }))])
    // One that comes later is somebody's who wants it.
    expect(await isBootTableThere()).toBe(true)
  })

  test('where none stands the table of a boot goes with the one that is made', async () => {
    const { reconciler } = await after([])
    await node.nft('flush ruleset\n')
    await boot()
    expect(await reconciler.start(standing('one'))).toBe(true)
    expect(await isBootTableThere()).toBe(false)
  })

  test('an address that another pod has by now goes at once, with a generation; the table of a boot stays', async () => {
    const { reconciler, applications } = await after(standing('one'))
    await boot()
    expect((await passing()).join('')).toContain(`${ADDRESSES[0]} comment "one"`)
    await reconciler.closeReused([given('one')])
    expect(applications).toEqual([])
    await reconciler.closeReused([given('two')])
    for (const [index, text] of (await passing()).entries()) expect(text).not.toContain(ADDRESSES[index])
    expect(applications).toMatchObject([{ ok: true, transactions: 1 }])
    expect(reconciler.generation).not.toBe(GENERATION)
    expect(await isBootTableThere()).toBe(true)
    // And when the cluster is known, all is as it is.
    expect(await reconciler.start(standing('one'))).toBe(true)
    expect((await passing()).join('')).toContain(`${ADDRESSES[0]} comment "one"`)
  })

  test('an address beside which no pod is noted is left as it is, until it is known whose it is', async () => {
    const { reconciler, applications } = await after(standing('one'))
    await node.nft(
      `delete element inet selvedge local4 { ${ADDRESSES[0]} }\nadd element inet selvedge local4 { ${ADDRESSES[0]} }\n`,
    )
    await reconciler.closeReused([{ ...given('two'), addresses: ADDRESSES.slice(0, 1) }])
    expect(await reconciler.start(standing('one'))).toBe(true)
    expect(applications).toEqual([])
  })

  test.each([
    ['without --observe, with it', {}, { observe: true }],
    ['with --observe, without it', { observe: true }, {}],
    ['before IPVS, behind it', {}, { serviceProxy: 'ipvs' }],
    ['behind IPVS, before it', { serviceProxy: 'ipvs' }, {}],
  ] as const)('such an address goes as well where the one before had other flags: %s', async (_, its, ours) => {
    const { reconciler, applications } = await after(standing('one'), its, ours)
    expect(await reconciler.closeReused([given('two')])).toBe(true)
    for (const [index, text] of (await passing()).entries()) expect(text).not.toContain(ADDRESSES[index])
    expect(applications).toMatchObject([{ ok: true }])
    const hooks = (await list('chains')).match(/chain (forward|output)/g)
    const marks = (await list('table', 'inet', 'selvedge')).match(/ct mark \S+ ct state != related/g) ?? []
    // Every hook asks for the same number, and it is another one.
    expect({ marks: marks.length, kinds: new Set(marks).size }).toEqual({ marks: hooks?.length, kinds: 1 })
    expect(marks[0]).not.toContain('0x00700000/12')
  })

  test('where the kernel will not, it is said, so that it is tried again', async () => {
    const { reconciler, refused } = await after(standing('one'))
    refused.text = /./
    expect(await reconciler.closeReused([given('two')])).toBe(false)
    refused.text = /^$/
    expect(await reconciler.closeReused([given('two')])).toBe(true)
    expect((await passing()).join('')).not.toContain('comment "one"')
  })

  const AGENT = { holdOpenAfterSeconds: 600 }
  const signs = async () => (await list('set', 'inet', 'selvedge', 'agent')).match(/expires (\w+)/g) ?? []

  test('while an agent is said to be there it says so on; what has opened stays open until the cluster is known', async () => {
    const { reconciler, clock, applications } = await after(standing('one'), AGENT, AGENT)
    await node.nft(
      'flush set inet selvedge agent\nadd element inet selvedge agent { ipv4 timeout 600s expires 60s, ipv6 timeout 600s expires 60s }\n',
    )
    expect((await signs())[0]).toMatch(/^expires (1m|5\ds)/)
    await reconciler.stayAlive()
    expect((await signs())[0]).toMatch(/^expires (10m|9m)/)
    // It has been closed all the time, so nothing is to be judged again.
    clock.milliseconds += 100_000
    expect(await reconciler.start(standing('one'))).toBe(true)
    expect(await reconciler.refresh()).toBe(true)
    expect(reconciler.generation).toBe(GENERATION)
    expect(applications).toEqual([])

    const late = await after(standing('one'), AGENT, AGENT)
    await node.nft('flush set inet selvedge agent\n')
    await late.reconciler.stayAlive()
    expect(await signs()).toEqual([])
    expect(await late.reconciler.start(standing('one'))).toBe(true)
    expect(await late.reconciler.refresh()).toBe(true)
    expect(await signs()).toHaveLength(2)
    expect(late.reconciler.generation).not.toBe(GENERATION)
  })

  test('while nft refuses a tenant’s part, who is gone does not pass, who is open does, and an agent is there', async () => {
    const { reconciler, refused, clock } = await after(standing('one'), AGENT, AGENT)
    expect(await reconciler.start(standing('one'))).toBe(true)
    // Whatever has a rule for ports 7000 to 7007, in whatever form, is too much for it; so is the whole.
    refused.text = /7000-7007|add table/
    const rule = { ports: [{ protocol: 'TCP', port: 7000, endPort: 7007 }] } as const
    const tenant = policy('other/part', { podSelector: {}, ingress: [rule] })
    const open = pod('open/db', '10.244.1.11', { metadata: { uid: 'db' } })
    const [other, idle] = [pod('other/part', '10.244.1.12', { metadata: { uid: 'part' } }), namespace('open', {})]
    const gone = [
      { type: 'remove', kind: 'Pod', namespace: 'shop', name: 'web' },
      { type: 'remove', kind: 'Sandbox', key: 'k' },
    ] as const
    clock.milliseconds += 500_000
    await node.nft('flush set inet selvedge agent\n')
    const more = [tenant, other, namespace('other', {}), idle, open].map(surePut)
    expect(await reconciler.apply([...more, ...gone])).toBe(false)
    const [passes = ''] = await passing()
    expect(passes).toContain('10.244.1.11 comment "db"')
    for (const address of [ADDRESSES[0], '10.244.1.12']) expect(passes).not.toContain(address)
    expect(await signs()).toHaveLength(2)
    const number = reconciler.generation
    expect(number).not.toBe(GENERATION)
    expect(await list('chain', 'inet', 'selvedge', 'allow')).toContain(
      `0x${((number ?? 0) << 20).toString(16).padStart(8, '0')}`,
    )
    refused.text = /^$/
    expect(await reconciler.verify()).toBe(true)
    expect((await passing())[0]).toContain('10.244.1.12 comment "part"')
  })
})
