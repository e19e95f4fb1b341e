import { expect, test } from 'vitest'
import { bootTableText, removeBootTableText } from '../../compiler/nftables/boot-table.ts'
import type { EngineChange } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import type { Sandbox } from '../../compiler/objects/sandbox.ts'
import { kernelOfNode } from '../../src/agent/kernel-of-node.ts'
import { type Application, createReconciler } from '../../src/agent/reconciler.ts'
import { createNft } from '../../src/kernel/run-nft.ts'
import { runCommand } from '../../src/lab/run-command.ts'
import { useNamespace } from '../kernel-room/namespace.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { surePut } from '../laws/changes-of.ts'
import { holdChanges } from '../laws/hold-changes.ts'
import { namespace, pod, policy } from '../oracle/make-objects.ts'

const ADDRESSES = ['10.244.1.10', 'fd44:0:0:1::10']
const GENERATION = 7
const ruleset = DEFAULT_OPTIONS

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

  /** What an agent left; then the next one, before it has been told anything. */
  async function after(left: readonly EngineChange[]) {
    await node.nft('flush ruleset\n')
    const before = createEngine({ isLocal: () => true, ruleset })
    before.apply(left)
    await node.nft(rulesetText(before.ruleset(), ruleset, GENERATION))
    const applications: Application[] = []
    const nft = createNft({ command, timeoutMilliseconds: 60_000 })
    const inUse = () => Promise.resolve({ carried: new Set<number>(), complete: true })
    const reconciler = createReconciler({
      engine: createEngine({ isLocal: () => true, ruleset }),
      kernel: kernelOfNode({ nft, markMask: ruleset.markMask, allocated: () => undefined, inUse }),
      ruleset,
      now: () => 0,
      verified: () => undefined,
      applied: (application) => applications.push(application),
      bootTable: { isThere: isBootTableThere, removal: removeBootTableText() },
    })
    return { reconciler, applications }
  }

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
    const passing = () => Promise.all(['local4', 'local6'].map((set) => list('set', 'inet', 'selvedge', set)))
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
})
