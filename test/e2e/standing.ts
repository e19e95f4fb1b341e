import { createPolicies, inTeam, podNamed, policy, subject } from './policies.ts'
import { type Way, checkWays, settleWays, waysTo } from './ways.ts'
import type { World } from './world.ts'

/** Policies that stand while agents come and go, and what they allow and deny: into x/a, and out of y/b. */
export async function standingPolicies(world: World): Promise<readonly Way[]> {
  const ways = standingWays(world)
  await createPolicies(world, [
    policy('x', 'from-b', { podSelector: subject('a'), ingress: [{ from: [podNamed('b')] }] }),
    policy('y', 'to-z', { podSelector: subject('b'), policyTypes: ['Egress'], egress: [{ to: [inTeam('z')] }] }),
  ])
  await settleWays(ways)
  await checkWays(ways)
  return ways
}

/** With the addresses that the pods have now. */
export function standingWays(world: World): readonly Way[] {
  const { place } = world
  return (['tcp', 'udp'] as const).flatMap((protocol) => [
    ...waysTo(world, place('x/b'), place('x/a'), 8080, true, protocol),
    ...waysTo(world, place('y/b'), place('z/c'), 8080, true, protocol),
    ...waysTo(world, place('z/b'), place('x/a'), 8080, false, protocol),
    ...waysTo(world, place('x/c'), place('x/a'), 8080, false, protocol),
    ...waysTo(world, place('y/b'), place('y/a'), 8080, false, protocol),
  ])
}
