import { passed, type Theme, timed } from '../case.ts'
import { policy, subject, underPolicies } from '../policies.ts'
import { checkWays, type Way, waysTo } from '../ways.ts'
import { familyOf } from '../pods.ts'
import type { World } from '../world.ts'

const closed = policy('x', 'closed', { podSelector: subject('a'), policyTypes: ['Ingress', 'Egress'] })

/** x/a is on the node of hosts/one. */
const ownNode = (world: World): readonly Way[] =>
  waysTo(world, world.place('hosts/one'), world.place('x/a'), 8080, true)
const otherNode = (world: World, allowed: boolean): readonly Way[] =>
  waysTo(world, world.place('hosts/two'), world.place('x/a'), 8080, allowed)

/** As whom x/a sees the other node: over VXLAN that is the address of its tunnel. */
async function seenAs(world: World): Promise<readonly string[]> {
  const ways = otherNode(world, true)
  const answers = await world
    .place('hosts/two')
    .session()
    .ask<'dial'>({ kind: 'dial', targets: ways.map(({ target }) => target), milliseconds: 5_000 })
  return answers.map(({ said }) => said.split(' from ')[1] ?? '')
}

export const hosts: Theme = {
  name: 'nodes',
  cases: [
    timed('a node reaches its own pods, another node’s processes do not', (world) =>
      underPolicies(world, [closed], [...ownNode(world), ...otherNode(world, false)]),
    ),
    {
      name: 'a block admits another node’s processes, by the address that the pod sees',
      run: async (world) => {
        const seen = await seenAs(world)
        const from = seen.map((ip) => ({ ipBlock: { cidr: `${ip}/${familyOf(ip) === 'IPv4' ? 32 : 128}` } }))
        const ways = [...otherNode(world, true), ...waysTo(world, world.place('y/a'), world.place('x/a'), 8080, false)]
        const admit = policy('x', 'node', { podSelector: subject('a'), ingress: [{ from }] })
        const milliseconds = await underPolicies(world, [admit], ways)
        return { kind: 'pass', milliseconds, note: `seen as ${seen.join(' and ')}` }
      },
    },
    timed('pods on the host’s network are not governed, and no selector means them', (world) => {
      const all = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }
      const from = [{ namespaceSelector: { matchLabels: { team: 'hosts' } } }]
      const policies = [
        policy('hosts', 'closed', all),
        policy('x', 'hosts-may', { podSelector: subject('a'), ingress: [{ from }] }),
      ]
      return underPolicies(world, policies, [
        ...otherNode(world, false),
        ...waysTo(world, world.place('hosts/one'), world.place('y/b'), 8080, true),
        ...waysTo(world, world.place('hosts/two'), world.place('y/b'), 8080, true),
        ...waysTo(world, world.place('y/b'), world.place('hosts/two'), 18_080, true),
      ])
    }),
    timed('a pod closed for egress reaches its own node, and no other', (world) => {
      const xa = world.place('x/a')
      return underPolicies(
        world,
        [closed],
        [
          ...waysTo(world, xa, world.place('hosts/one'), 18_080, true),
          ...waysTo(world, xa, world.place('hosts/two'), 18_080, false),
        ],
      )
    }),
    {
      name: 'no policy: everybody reaches everybody',
      run: async (world) => {
        await checkWays([...ownNode(world), ...otherNode(world, true)])
        return passed()
      },
    },
  ],
}
