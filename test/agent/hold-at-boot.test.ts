import { expect, test } from 'vitest'
import { bootTableText, removeBootTableText } from '../../compiler/nftables/boot-table.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import type { HoldChange, SandboxChange } from '../../compiler/objects/sandbox.ts'
import { createBeforeCluster } from '../../src/agent/before-cluster.ts'
import { kernelOfNode } from '../../src/agent/kernel-of-node.ts'
import { createReconciler } from '../../src/agent/reconciler.ts'
import { createNft } from '../../src/kernel/run-nft.ts'
import { runCommand } from '../../src/lab/run-command.ts'
import { useNamespace } from '../kernel-room/namespace.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { surePut } from '../laws/changes-of.ts'
import { holdChanges } from '../laws/hold-changes.ts'
import { namespace, pod, policy } from '../oracle/make-objects.ts'

const ruleset = DEFAULT_OPTIONS
const POD = [namespace('shop', {}), pod('shop/web', '10.244.1.10', { metadata: { uid: 'one' } })].map(surePut)
const POLICY = surePut(policy('shop/closed', { podSelector: {}, policyTypes: ['Ingress'] }))
/** What the runtime says: these subnets, and one pod in its sandbox. */
const NODE = holdChanges({
  node: 'node-1',
  subnets: ['10.244.1.0/24', 'fd44:0:0:1::/64'],
  sandboxes: [{ key: 'k', uid: 'one', namespace: 'shop', name: 'web', addresses: ['10.244.1.10'], order: 1 }],
}) as readonly (HoldChange | SandboxChange)[]
const RULES = [
  'ip saddr 10.244.1.0/24 ip saddr != @local4 jump held4',
  'ip daddr 10.244.1.0/24 ip daddr != @local4 jump held4-to',
  'ip6 saddr fd44:0:0:1::/64 ip6 saddr != @local6 jump held6',
  'ip6 daddr fd44:0:0:1::/64 ip6 daddr != @local6 jump held6-to',
  'iifname "cni0" oifname "cni0" jump bridged6',
]

describeLab('a node of which the agent has heard nothing from the API', () => {
  const node = useNamespace()
  const list = async (...words: readonly string[]) => (await runCommand(node.enter('nft', 'list', ...words))).stdout
  const tables = async () => (await list('tables')).trim().split('\n').filter(Boolean)
  const holdRules = async () => {
    const chains = await Promise.all(['packets4', 'packets6'].map((name) => list('chain', 'inet', 'selvedge', name)))
    const lines = chains.flatMap((chain) => chain.split('\n').map((line) => line.trim()))
    return lines.filter((line) => / jump (held|bridged)[46]/.test(line))
  }

  async function agent(holdsAtBoot: boolean, standing = '') {
    await node.nft(`flush ruleset\n${standing}`)
    const failures: unknown[] = []
    const nft = createNft({ command: node.enter('nft'), timeoutMilliseconds: 60_000 })
    const inUse = () => Promise.resolve({ carried: new Set<number>(), complete: true })
    const reconciler = createReconciler({
      engine: createEngine({ isLocal: () => true, ruleset }),
      kernel: kernelOfNode({ nft, markMask: ruleset.markMask, allocated: () => undefined, inUse }),
      ruleset,
      now: () => 0,
      verified: () => undefined,
      applied: () => undefined,
      bootTable: {
        isThere: async () => (await tables()).includes('table inet selvedge-boot'),
        removal: removeBootTableText(),
      },
    })
    const before = createBeforeCluster({ reconciler, holdsAtBoot, failed: (error) => failures.push(error) })
    before.take(NODE)
    await before.over()
    expect(failures).toEqual([])
    return reconciler
  }

  test('--hold-at-boot: every address is held, whatever policies there are, and what closed the boot goes with it', async () => {
    const reconciler = await agent(true, bootTableText({ bridge: 'cni0', opensAfterSeconds: 600 }))
    expect(await tables()).toEqual(['table inet selvedge'])
    expect(await holdRules()).toEqual(expect.arrayContaining(RULES))
    expect(await list('set', 'inet', 'selvedge', 'local4')).not.toContain('elements')
    // Then the cluster is heard: it has a policy.
    expect(await reconciler.start([...NODE, ...POD, POLICY])).toBe(true)
    expect(await holdRules()).toEqual(expect.arrayContaining(RULES))
    expect(await list('set', 'inet', 'selvedge', 'local4')).toContain('10.244.1.10 comment "one"')
  })

  test('in a cluster that turns out to have no policy nothing is held any more', async () => {
    const reconciler = await agent(true)
    expect(await holdRules()).toHaveLength(RULES.length)
    expect(await reconciler.start([...NODE, ...POD])).toBe(true)
    expect(await holdRules()).toEqual([])
  })

  test('without the flag no table is made', async () => {
    await agent(false)
    expect(await tables()).toEqual([])
  })

  test('a table that stands keeps standing: what it knows is more', async () => {
    const engine = createEngine({ isLocal: () => true, ruleset })
    engine.apply([...POD, POLICY, ...NODE])
    const standing = rulesetText(engine.ruleset(), ruleset, 7)
    const reconciler = await agent(true, standing)
    const kept = await list('table', 'inet', 'selvedge')
    await node.nft(`flush ruleset\n${standing}`)
    expect(kept).toBe(await list('table', 'inet', 'selvedge'))
    expect(await reconciler.start([...NODE, ...POD, POLICY])).toBe(true)
    expect(reconciler.generation).toBe(7)
  })
})
