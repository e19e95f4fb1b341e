import type { Case, Theme } from '../case.ts'
import type { Json } from '../kubectl.ts'
import type { Caller, Family } from '../pods.ts'
import { createPolicies, inTeam, policy, podNamed, subject, underPolicies } from '../policies.ts'
import { balance, createService, nodeAddresses } from '../services.ts'
import { changeWays, settleWays, type Way, waysTo } from '../ways.ts'
import { withServices } from '../with-services.ts'
import type { World } from '../world.ts'

/** To whatever has these addresses, in each family. */
function waysToAddresses(
  from: Caller,
  to: string,
  addresses: ReadonlyMap<Family, string>,
  port: number,
  allowed: boolean,
): readonly Way[] {
  return [...addresses.values()].map((host) => ({ from, to, target: { protocol: 'tcp', host, port }, allowed }))
}

const fromXb = (port: number) =>
  policy('x', 'from-b', { podSelector: subject('a'), ingress: [{ from: [podNamed('b')], ports: [{ port }] }] })
const closedXa = policy('x', 'closed', { podSelector: subject('a') })
const openPort = policy('x', 'open', { podSelector: subject('a'), ingress: [{ ports: [{ port: 8080 }] }] })

/** Closed by a policy, in whatever way one comes; opened by one for the port of the pod. */
async function closedThenOpen(world: World, ways: readonly Way[]): Promise<number> {
  const closed = ways.map((way) => ({ ...way, allowed: false }))
  const shut = await underPolicies(world, [closedXa], closed)
  const open = ways.map((way) => ({ ...way, allowed: true }))
  const opened = await changeWays(open, () => createPolicies(world, [openPort]), open)
  return Math.max(shut, opened)
}

/** Callers that nobody's policy governs: the other node, a pod of each node, and a host beside the nodes. */
function strangers(world: World): readonly Caller[] {
  const pods = ['hosts/two', 'y/b', 'z/b'].map(world.place)
  return world.outside === undefined ? pods : [...pods, world.outside]
}

const throughPorts = (trafficPolicy: 'Cluster' | 'Local'): Case =>
  withServices(`NodePort, externalTrafficPolicy ${trafficPolicy}`, async (world) => {
    const spec: Json = { type: 'NodePort', externalTrafficPolicy: trafficPolicy }
    const { nodePort } = await createService(world, 'x', 'port', 'a', spec)
    // With Local only the node of the pod answers.
    const nodes = trafficPolicy === 'Local' ? [world.place('x/a').node] : world.nodes
    const addresses = await Promise.all(nodes.map((node) => nodeAddresses(world, node)))
    // From the host of the pod itself nothing passes the forward hook: it is not among the strangers.
    const ways = strangers(world).flatMap((from) =>
      addresses.flatMap((each, index) => waysToAddresses(from, `port of ${nodes[index]}`, each, nodePort, true)),
    )
    return closedThenOpen(world, ways)
  })

export const services: Theme = {
  name: 'Services',
  cases: [
    withServices('ClusterIP: the pod’s port counts, and the caller', async (world) => {
      const { addresses } = await createService(world, 'x', 'web', 'a', {})
      const ways = [
        ...waysToAddresses(world.place('x/b'), 'Service web', addresses, 80, true),
        ...waysToAddresses(world.place('y/a'), 'Service web', addresses, 80, false),
        ...waysToAddresses(world.place('z/a'), 'Service web', addresses, 80, false),
      ]
      return underPolicies(world, [fromXb(8080)], ways)
    }),
    withServices('ClusterIP: a rule for the Service’s port opens nothing', async (world) => {
      const { addresses } = await createService(world, 'x', 'web', 'a', {})
      return underPolicies(
        world,
        [fromXb(80)],
        waysToAddresses(world.place('x/b'), 'Service web', addresses, 80, false),
      )
    }),
    withServices('ClusterIP: egress is judged at the pod behind it', async (world) => {
      const one = await createService(world, 'x', 'one', 'c', {})
      const other = await createService(world, 'y', 'other', 'a', {})
      const xa = world.place('x/a')
      const egress = [{ to: [podNamed('c')], ports: [{ port: 8080 }] }]
      const ways = [
        ...waysToAddresses(xa, 'Service one', one.addresses, 80, true),
        ...waysToAddresses(xa, 'Service other', other.addresses, 80, false),
      ]
      return underPolicies(
        world,
        [policy('x', 'out', { podSelector: subject('a'), policyTypes: ['Egress'], egress })],
        ways,
      )
    }),
    throughPorts('Cluster'),
    throughPorts('Local'),
    withServices('LoadBalancer', async (world) => {
      await createService(world, 'x', 'balanced', 'a', { type: 'LoadBalancer' })
      const addresses = await balance(world, 'x', 'balanced')
      const pods = strangers(world).filter(({ name }) => name !== 'outside')
      return closedThenOpen(
        world,
        pods.flatMap((from) => waysToAddresses(from, 'load balancer', addresses, 80, true)),
      )
    }),
    withServices('a pod closed both ways still reaches itself, also through its Service', async (world) => {
      const { addresses } = await createService(world, 'x', 'self', 'a', {})
      const xa = world.place('x/a')
      const both = policy('x', 'closed', { podSelector: subject('a'), policyTypes: ['Ingress', 'Egress'] })
      const ways = [
        ...waysToAddresses(xa, 'own Service', addresses, 80, true),
        ...waysTo(world, xa, xa, 8080, true),
        ...waysToAddresses(world.place('y/a'), 'Service self', addresses, 80, false),
        ...waysTo(world, xa, world.place('y/a'), 8080, false),
      ]
      await settleWays(ways.filter(({ allowed }) => allowed))
      return underPolicies(world, [both], ways)
    }),
    withServices('a proxy in front, as an ingress controller is', async (world) => {
      const controller = world.place('z/a')
      const xa = world.place('x/a')
      const backend = [...xa.addresses.values()][0] ?? ''
      await controller.session().ask<'forward'>({
        kind: 'forward',
        port: 9000,
        to: { protocol: 'tcp', host: backend, port: 8080 },
      })
      const from = [{ ...inTeam('z'), ...podNamed('a') }]
      const ways = [
        ...waysTo(world, world.place('y/a'), controller, 9000, true),
        ...waysTo(world, world.place('y/a'), xa, 8080, false),
        ...waysTo(world, controller, xa, 8080, true),
      ]
      return underPolicies(
        world,
        [policy('x', 'by-controller', { podSelector: subject('a'), ingress: [{ from }] })],
        ways,
      )
    }),
  ],
}
