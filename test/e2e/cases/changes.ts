import { type Theme, timed } from '../case.ts'
import type { Json } from '../kubectl.ts'
import { createPolicies, inTeam, policy, removePolicies, replacePolicy, subject, underPolicies } from '../policies.ts'
import { CaseFailure, changeWays, type Way, waysTo } from '../ways.ts'
import type { World } from '../world.ts'

const podLabel = (world: World, name: string, labels: Json): Promise<Json> => {
  const { namespace, podName } = world.place(name)
  return world.kubectl.request('PATCH', `/api/v1/namespaces/${namespace}/pods/${podName}`, { metadata: { labels } })
}
const namespaceLabel = (world: World, team: string, labels: Json): Promise<Json> =>
  world.kubectl.request('PATCH', `/api/v1/namespaces/${world.namespaceOf(team)}`, { metadata: { labels } })

const reach = (world: World, from: string, allowed: boolean, to = 'x/a'): readonly Way[] =>
  waysTo(world, world.place(from), world.place(to), 8080, allowed)

/** The session's right is away for longer than the checks take in which it is denied. */
const STALLED_MILLISECONDS = 1_500

const roleGuest = { matchLabels: { role: 'guest' } }

export const changes: Theme = {
  name: 'changes',
  cases: [
    timed('a policy that is updated', async (world) => {
      const into = (team: string) =>
        policy('x', 'into-a', { podSelector: subject('a'), ingress: [{ from: [inTeam(team)] }] })
      await underPolicies(world, [into('y')], [...reach(world, 'y/a', true), ...reach(world, 'z/a', false)])
      const ways = [...reach(world, 'y/a', false), ...reach(world, 'z/a', true)]
      return changeWays(ways, () => replacePolicy(world, into('z')), ways)
    }),
    timed('a policy that is deleted', async (world) => {
      const closed = [...reach(world, 'y/a', false), ...reach(world, 'z/a', false)]
      await underPolicies(world, [policy('x', 'deny', { podSelector: {} })], closed)
      const open = closed.map((way) => ({ ...way, allowed: true }))
      return changeWays(open, () => removePolicies(world), open)
    }),
    timed('a peer that gets a label, and loses it', async (world) => {
      const from = [{ ...inTeam('y'), podSelector: roleGuest }]
      await underPolicies(
        world,
        [policy('x', 'guests', { podSelector: subject('a'), ingress: [{ from }] })],
        reach(world, 'y/a', false),
      )
      const open = reach(world, 'y/a', true)
      const opened = await changeWays(open, async () => void (await podLabel(world, 'y/a', { role: 'guest' })), open)
      const closed = reach(world, 'y/a', false)
      const shut = await changeWays(closed, async () => void (await podLabel(world, 'y/a', { role: null })))
      return Math.max(opened, shut)
    }),
    timed('a pod that gets a label, and is closed by it', async (world) => {
      await createPolicies(world, [policy('x', 'guests', { podSelector: roleGuest })])
      const closed = reach(world, 'y/a', false, 'x/b')
      const shut = await changeWays(closed, async () => void (await podLabel(world, 'x/b', { role: 'guest' })))
      const open = reach(world, 'y/a', true, 'x/b')
      await changeWays(open, async () => void (await podLabel(world, 'x/b', { role: null })), open)
      return shut
    }),
    {
      name: 'a live session stops with its right, and goes on with it',
      run: async (world) => {
        const closed = reach(world, 'y/a', false)
        const { from, target } = closed[0] as Way
        await from.session().ask<'start'>({ kind: 'start', name: 'live', manner: 'hold', target })
        const shut = await underPolicies(world, [policy('x', 'closed', { podSelector: subject('a') })], closed)
        const open = reach(world, 'y/a', true)
        const opened = await changeWays(open, () => removePolicies(world), open)
        const { sent, answered, longestGap, broken } = await from.session().ask<'stop'>({ kind: 'stop', name: 'live' })
        const right = broken === undefined && answered === sent && longestGap > STALLED_MILLISECONDS
        if (!right)
          throw new CaseFailure(`${answered} of ${sent} answered, longest gap ${longestGap} ms ${broken ?? ''}`)
        return { kind: 'pass', milliseconds: Math.max(shut, opened), note: `stood still for ${longestGap} ms` }
      },
    },
    timed('a namespace that gets a label, and loses it', async (world) => {
      const from = [{ namespaceSelector: roleGuest }]
      await underPolicies(
        world,
        [policy('x', 'guests', { podSelector: subject('a'), ingress: [{ from }] })],
        [...reach(world, 'y/a', false), ...reach(world, 'z/a', false)],
      )
      const open = reach(world, 'y/a', true)
      const opened = await changeWays(
        [...open, ...reach(world, 'z/a', false)],
        async () => void (await namespaceLabel(world, 'y', { role: 'guest' })),
        open,
      )
      const closed = reach(world, 'y/a', false)
      const shut = await changeWays(closed, async () => void (await namespaceLabel(world, 'y', { role: null })))
      return Math.max(opened, shut)
    }),
  ],
}
