import type { Json } from './kubectl.ts'
import { changeWays, type Way } from './ways.ts'
import { NAMESPACES, type World } from './world.ts'

export interface Policy {
  readonly team: string
  readonly name: string
  readonly spec: Json
}

/** A policy in the namespace of a team. */
export function policy(team: string, name: string, spec: Json): Policy {
  return { team, name, spec }
}

/** Peers and selectors, as the nine pods and their namespaces are labelled. */
export const inTeam = (team: string) => ({ namespaceSelector: { matchLabels: { team } } })
export const podNamed = (pod: string) => ({ podSelector: { matchLabels: { pod } } })
export const subject = (pod: string) => podNamed(pod).podSelector

export async function createPolicies(world: World, policies: readonly Policy[]): Promise<void> {
  for (const one of policies) await world.kubectl.request('POST', collection(world.namespaceOf(one.team)), object(one))
}

export async function replacePolicy(world: World, one: Policy): Promise<void> {
  await world.kubectl.request('PUT', `${collection(world.namespaceOf(one.team))}/${one.name}`, object(one))
}

export async function removePolicies(world: World): Promise<void> {
  await Promise.all(NAMESPACES.map((name) => world.kubectl.request('DELETE', collection(name))))
}

/** The usual case: open before, and under the policies as told. Milliseconds to enforcement. */
export async function underPolicies(world: World, policies: readonly Policy[], ways: readonly Way[]): Promise<number> {
  return changeWays(ways, () => createPolicies(world, policies))
}

function collection(inNamespace: string): string {
  return `/apis/networking.k8s.io/v1/namespaces/${inNamespace}/networkpolicies`
}

function object({ name, spec }: Policy): Json {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec }
}
