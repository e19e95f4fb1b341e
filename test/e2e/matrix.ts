import { type Way, waysTo } from './ways.ts'
import type { Place } from './pods.ts'
import type { World } from './world.ts'

/** Whether a connection is open; never asked about a pod and itself. */
export type Verdict = (from: Place, to: Place) => boolean

export const is = (place: Place, team: string, pod: string): boolean => place.team === team && place.pod === pod

/** Everybody with everybody, and each pod with itself. */
export function matrix(world: World, verdict: Verdict): readonly Way[] {
  return world
    .nine()
    .flatMap((from) => world.nine().flatMap((to) => waysTo(world, from, to, 8080, from === to || verdict(from, to))))
}
