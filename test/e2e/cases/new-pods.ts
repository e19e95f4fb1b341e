import type { Case, Theme } from '../case.ts'
import { probePod } from '../manifests.ts'
import { createPolicies, policy, removePolicies, subject } from '../policies.ts'
import { createService, removeServices } from '../services.ts'
import { duringTraffic } from '../traffic.ts'
import { changeWays, type Way } from '../ways.ts'

/**
 * The Service sends connections to the pod as soon as the API has its address, ready or not. Whoever knows the address before
 * that, from the pod itself or by guessing, is not asked here: to them a new pod is open until the agent has heard of it.
 */
const fromItsFirstMoment: Case = {
  name: 'a pod that starts under a policy is closed from its first connection through a Service',
  run: async (world) => {
    const { kubectl, image, nodes } = world
    const inNamespace = world.namespaceOf('y')
    const names = nodes.map((_, index) => `late-${index}`)
    await createPolicies(world, [
      ...names.map((name) => policy('y', name, { podSelector: { matchLabels: { probe: name } } })),
      policy('x', 'other', { podSelector: subject('c') }),
    ])
    try {
      const ways: Way[] = []
      for (const name of names) {
        const { addresses } = await createService(world, 'y', name, name, { publishNotReadyAddresses: true })
        for (const from of ['x/a', 'x/b'].map(world.place)) {
          for (const host of addresses.values()) {
            ways.push({ from, to: name, target: { protocol: 'tcp', host, port: 80 }, allowed: false })
          }
        }
      }
      const note = await duringTraffic(ways, async () => {
        await kubectl.apply(
          names.map((name, index) =>
            probePod({ namespace: inNamespace, name, image, node: nodes[index] ?? nodes[0], listen: ['tcp:8080'] }),
          ),
        )
        for (const name of names) await kubectl.run(['-n', inNamespace, 'rollout', 'status', `deployment/${name}`])
      })
      const open = ways.map((way) => ({ ...way, allowed: true }))
      await changeWays(open, () => removePolicies(world), open)
      return { kind: 'pass', note }
    } finally {
      await kubectl.run(['-n', inNamespace, 'delete', 'deployment', '--ignore-not-found', '--wait=false', ...names])
      await removeServices(world, 'y')
    }
  },
}

export const newPods: Theme = { name: 'new pods', cases: [fromItsFirstMoment] }
