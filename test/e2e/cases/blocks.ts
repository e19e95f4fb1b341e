import { type Case, skipped, type Theme, timed } from '../case.ts'
import type { Json } from '../kubectl.ts'
import { policy, subject, underPolicies } from '../policies.ts'
import { type Way, waysTo } from '../ways.ts'
import type { Place } from '../pods.ts'
import type { World } from '../world.ts'

/** Blocks of one address, for each family that the pod has. */
function alone(place: Place): readonly string[] {
  return [...place.addresses].map(([family, address]) => `${address}/${family === 'IPv4' ? 32 : 128}`)
}

/** Everything, less some pods; one block a family. */
function everythingBut(world: World, ...places: readonly Place[]): readonly Json[] {
  return world.families.map((family) => {
    const except = places
      .flatMap((place) => alone(place))
      .filter((block) => block.includes(':') === (family === 'IPv6'))
    return { ipBlock: { cidr: family === 'IPv4' ? '0.0.0.0/0' : '::/0', except } }
  })
}

const cidrs = (blocks: readonly string[]): readonly Json[] => blocks.map((cidr) => ({ ipBlock: { cidr } }))
const intoXa = (from: readonly Json[]) => policy('x', 'blocks', { podSelector: subject('a'), ingress: [{ from }] })
const outOfXa = (to: readonly Json[], name = 'blocks') =>
  policy('x', name, { podSelector: subject('a'), policyTypes: ['Egress'], egress: [{ to }] })

/** Of x/b, y/a, y/b, z/c: those of `open` reach x/a, or are reached by it. */
function ways(world: World, direction: 'into' | 'out of', open: readonly string[]): readonly Way[] {
  const xa = world.place('x/a')
  return ['x/b', 'y/a', 'y/b', 'z/c'].flatMap((name) => {
    const other = world.place(name)
    const [from, to] = direction === 'into' ? [other, xa] : [xa, other]
    return waysTo(world, from, to, 8080, open.includes(name))
  })
}

const oneFamily: Case = {
  name: 'a block of one family closes the other',
  run: async (world) => {
    if (world.families.length < 2) return skipped('the cluster has one family')
    const xa = world.place('x/a')
    const ya = world.place('y/a')
    const policies = [intoXa(cidrs(alone(ya).filter((block) => !block.includes(':'))))]
    const expected = waysTo(world, ya, xa, 8080, true).map((way) => ({
      ...way,
      allowed: !way.target.host.includes(':'),
    }))
    return { kind: 'pass', milliseconds: await underPolicies(world, policies, expected) }
  },
}

export const blocks: Theme = {
  name: 'address blocks',
  cases: [
    timed('ingress from one address', (world) =>
      underPolicies(world, [intoXa(cidrs(alone(world.place('y/a'))))], ways(world, 'into', ['y/a'])),
    ),
    timed('ingress from everywhere, with exceptions', (world) =>
      underPolicies(
        world,
        [intoXa(everythingBut(world, world.place('y/a'), world.place('z/c')))],
        ways(world, 'into', ['x/b', 'y/b']),
      ),
    ),
    timed('egress to one address', (world) =>
      underPolicies(world, [outOfXa(cidrs(alone(world.place('y/b'))))], ways(world, 'out of', ['y/b'])),
    ),
    timed('egress to everywhere, with an exception', (world) =>
      underPolicies(
        world,
        [outOfXa(everythingBut(world, world.place('y/a')))],
        ways(world, 'out of', ['x/b', 'y/b', 'z/c']),
      ),
    ),
    timed('what one block excepts, another one may allow', (world) => {
      const ya = world.place('y/a')
      const both = [...everythingBut(world, ya, world.place('y/b')), ...cidrs(alone(ya))]
      return underPolicies(world, [outOfXa(both)], ways(world, 'out of', ['x/b', 'y/a', 'z/c']))
    }),
    timed('what one policy excepts, another one may allow', (world) => {
      const ya = world.place('y/a')
      const policies = [outOfXa(everythingBut(world, ya, world.place('z/c'))), outOfXa(cidrs(alone(ya)), 'another')]
      return underPolicies(world, policies, ways(world, 'out of', ['x/b', 'y/a', 'y/b']))
    }),
    oneFamily,
  ],
}
