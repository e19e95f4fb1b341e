import { parseAddress } from '../addresses/parse-address.ts'
import { findEnd } from '../cluster/find-end.ts'
import type { FoundEnd } from '../cluster/found-end.ts'
import { selectedPods } from '../cluster/service-endpoints.ts'
import type { Service } from '../cluster/service.ts'
import { ingressControllers } from '../explain/ingress-controllers.ts'
import type { Refusal } from '../explain/site.ts'
import { FAMILIES } from '../addresses/address.ts'
import { casesOf } from './absent-pods.ts'
import {
  addressesOf,
  blockSet,
  type EndSet,
  everyAddress,
  everyPod,
  everythingElse,
  namedPods,
  selectedSet,
  unionEnds,
} from './end-set.ts'
import type { End } from './policy-test.ts'
import { hasUnowned } from './unowned.ts'
import type { World } from './world.ts'

/** Who is meant by an end, and which parts of it mean nobody: nothing of them can be right. */
export interface ResolvedEnd {
  readonly kind: 'end'
  readonly set: EndSet
  readonly nobody: readonly string[]
}

/** An end is asked for once to find who is alone, and once to be judged. */
const known = new WeakMap<World, WeakMap<End, ResolvedEnd | Refusal>>()

/** As a source, or as pods whatever their ports; a refusal where a name leads nowhere. */
export function resolveEnd(world: World, end: End): ResolvedEnd | Refusal {
  let resolved = known.get(world)
  if (resolved === undefined) known.set(world, (resolved = new WeakMap()))
  let found = resolved.get(end)
  if (found === undefined) resolved.set(end, (found = resolveAnew(world, end)))
  return found
}

function resolveAnew(world: World, end: End): ResolvedEnd | Refusal {
  switch (end.kind) {
    case 'all':
      return checked(world, end, everyPod(world))
    case 'outside':
      return checked(world, end, everyAddress())
    case 'block':
      return checked(world, end, blockSet(end.block))
    case 'selected': {
      const set = selectedSet(world, end)
      // Nobody is here, and nobody could be.
      const canBe = end.absent && casesOf(world, end).length > 0
      return canBe ? { kind: 'end', set, nobody: [] } : checked(world, end, set)
    }
    case 'not':
    case 'any of': {
      const sets: EndSet[] = []
      const nobody: string[] = []
      for (const one of end.ends) {
        const resolved = resolveEnd(world, one)
        if (resolved.kind === 'problem') return resolved
        sets.push(resolved.set)
        for (const text of resolved.nobody) nobody.push(text)
      }
      const set = unionEnds(sets)
      if (end.kind === 'any of') return { kind: 'end', set, nobody }
      const rest = checked(world, end, everythingElse(world, set))
      return { ...rest, nobody: [...nobody, ...rest.nobody] }
    }
    case 'word': {
      const found = findEnd(world.cluster, end.word, world.namespace)
      const set = foundSet(world, found)
      return 'kind' in set ? set : checked(world, end, set)
    }
  }
}

function checked(world: World, { text }: End, set: EndSet): ResolvedEnd {
  return { kind: 'end', set, nobody: isNobody(world, set) ? [text] : [] }
}

function isNobody({ reach }: World, { pods, hosts, outside }: EndSet): boolean {
  if (pods.size + hosts.size > 0) return false
  return FAMILIES.every((family) => !hasUnowned(outside[family], reach.owned[family]))
}

/** The pods, hosts or addresses of a name. */
export function foundSet(world: World, found: FoundEnd): EndSet | Refusal {
  switch (found.kind) {
    case 'nothing':
      return { ...found, kind: 'problem' }
    case 'pods':
      return namedPods(world, found.pods)
    case 'hosts':
      return namedPods(world, [], found.pods)
    case 'address':
      return addressesOf([{ family: found.address.family, range: single(found.address.value) }])
    case 'service':
      return behindService(world, found.service)
    case 'ingress':
      return namedPods(world, ingressControllers(world.cluster, found.ingress.ingressClass))
  }
}

/** Its pods; without a selector, what somebody wrote as its endpoints. */
function behindService(world: World, service: Service): EndSet {
  const { cluster } = world
  if (service.selector !== undefined) {
    const selected = selectedPods(cluster, service)
    const pods = selected.filter(({ addresses }) => addresses.length > 0)
    return namedPods(
      world,
      pods,
      selected.filter(({ pod }) => pod.hostNetwork),
    )
  }
  const texts = (cluster.endpoints.get(`${service.namespace}/${service.name}`) ?? []).map(({ address }) => address)
  const owners = texts.flatMap((text) => cluster.graph.owners.get(text) ?? [])
  const addresses = texts.flatMap((text) => (cluster.graph.owners.has(text) ? [] : (parseAddress(text) ?? [])))
  return unionEnds([
    namedPods(world, owners),
    addressesOf(addresses.map(({ family, value }) => ({ family, range: single(value) }))),
  ])
}

function single(value: bigint): { readonly first: bigint; readonly last: bigint } {
  return { first: value, last: value }
}
