import type { Cluster } from '../cluster/create-cluster.ts'
import type { Destination, Destinations } from './destination.ts'
import { legsThroughDoor } from './legs-through-door.ts'
import type { Leg, Refusal, Site } from './site.ts'
import { podsOfWorkload } from './twins.ts'

/** Every stretch that has to be allowed for each of these to reach each of those. */
export function legsBetween(
  cluster: Cluster,
  sources: readonly Site[],
  destinations: Exclude<Destinations, Refusal>,
): { readonly kind: 'legs'; readonly legs: readonly Leg[]; readonly notes: readonly string[] } | Refusal {
  if (destinations.kind === 'destinations') {
    const legs = sources.flatMap((from) => destinations.list.flatMap((to) => directLeg(cluster, from, to)))
    return { kind: 'legs', legs, notes: [] }
  }
  const legs = new Map<string, Leg>()
  const notes: string[] = []
  for (const from of sources) {
    const through = legsThroughDoor(cluster, from, destinations.door)
    if (through.kind === 'problem') return through
    for (const leg of through.legs) legs.set(keyOf(leg), leg)
    for (const note of through.notes) notes.push(note)
  }
  return { kind: 'legs', legs: [...legs.values()], notes }
}

/** A workload and itself are two of its pods, unless one pod was named at both ends, or it never has two. */
function directLeg(cluster: Cluster, from: Site, { site: to, transport }: Destination): readonly Leg[] {
  if (from.kind !== 'pod' || to.kind !== 'pod' || from.pod !== to.pod || (from.exact && to.exact)) {
    return [{ from, to, transport }]
  }
  if (!to.exact && to.replica !== undefined) return [{ from, to: { ...to, pod: to.replica }, transport }]
  if (!from.exact && from.replica !== undefined) return [{ from: { ...from, pod: from.replica }, to, transport }]
  // Its other pods are answered for by themselves.
  return podsOfWorkload(cluster, from.pod).length > 1 ? [] : [{ from, to, transport }]
}

function keyOf({ from, to, transport, only }: Leg): string {
  return JSON.stringify([from.name, to.name, transport, only])
}
