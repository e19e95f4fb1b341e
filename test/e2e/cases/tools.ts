import { agentPods, inAgent } from '../agents.ts'
import { passed, skipped, type Theme, timed } from '../case.ts'
import { policy, subject, underPolicies } from '../policies.ts'
import { createService, removeServices } from '../services.ts'
import { CaseFailure, settleWays, type Way, waysTo } from '../ways.ts'
import type { World } from '../world.ts'

/** Sets of addresses, ports and blocks, so that the table has something of everything. */
const rich = policy('x', 'rich', {
  podSelector: subject('a'),
  policyTypes: ['Ingress', 'Egress'],
  ingress: [
    {
      from: [{ podSelector: {} }],
      ports: [{ port: 8080 }, { port: 'admin' }, { protocol: 'UDP', port: 9000, endPort: 9100 }],
    },
    { from: [{ ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.8/29'] } }] },
    { from: [{ ipBlock: { cidr: '2001:db8::/32' } }], ports: [{ port: 443 }] },
  ],
  egress: [{ to: [{ namespaceSelector: {} }] }],
})

const underRich = (world: World): Promise<number> =>
  underPolicies(
    world,
    [rich],
    [
      ...waysTo(world, world.place('y/a'), world.place('x/a'), 8080, false),
      ...waysTo(world, world.place('x/b'), world.place('x/a'), 8080, true),
    ],
  )

export const tools: Theme = {
  name: 'beside others',
  cases: [
    {
      name: 'the nft of each node lists every table, ours too',
      run: async (world) => {
        const { onNode } = world
        if (onNode === undefined) return skipped('needs --node-command')
        await underRich(world)
        for (const node of world.nodes) {
          const text = await onNode(node, ['nft', 'list', 'ruleset'])
          if (!text.includes('table inet selvedge'))
            throw new CaseFailure(`${node}: no table inet selvedge in the list`)
        }
        return passed()
      },
    },
    timed('a Service that comes while policies stand is programmed', async (world) => {
      await underRich(world)
      try {
        const { addresses } = await createService(world, 'y', 'late', 'a', {})
        const ways = world.nine().flatMap((from): readonly Way[] =>
          [...addresses.values()].map((host) => ({
            from,
            to: 'Service late',
            target: { protocol: 'tcp', host, port: 80 },
            allowed: true,
          })),
        )
        return Math.round(await settleWays(ways, 60_000))
      } finally {
        await removeServices(world, 'y')
      }
    }),
    {
      name: 'status and doctor find nothing in the way',
      run: async ({ kubectl }) => {
        for (const { metadata } of await agentPods(kubectl)) {
          for (const word of ['status', 'doctor']) {
            const { exitCode, text } = await inAgent(kubectl, metadata.name, [word])
            if (exitCode !== 0) throw new CaseFailure(`${metadata.name} ${word}: ${exitCode}\n${text}`)
          }
        }
        return passed()
      },
    },
  ],
}
