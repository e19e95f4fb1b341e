import type { GraphPod } from '../graph/allow-graph.ts'
import { podName } from '../objects/pod-name.ts'
import type { Behaviour } from '../reach/behaviours.ts'
import type { World } from './world.ts'

/** Some pods of one behaviour: the first speaks for all. */
export interface PodGroup {
  readonly behaviour: Behaviour
  readonly members: readonly GraphPod[]
}

/** A set of pods; everybody but some is one without a copy of everybody. */
export type PodSet = Pick<ReadonlySet<GraphPod>, 'has' | 'size' | typeof Symbol.iterator>

/** Sets are asked for many times (`*`). */
const known = new WeakMap<PodSet, readonly PodGroup[]>()

/** Pods that no policy tells apart, together. */
export function groupPods(world: World, pods: PodSet): readonly PodGroup[] {
  let groups = known.get(pods)
  if (groups === undefined) {
    groups = [...Map.groupBy(pods, world.behaviourOf)].map(([behaviour, members]) => groupOf(behaviour, members))
    known.set(pods, groups)
  }
  return groups
}

/** Every pod but these: what is left of each group is found where one of these is in it. */
export function podsBut(world: World, but: PodSet): PodSet {
  const { everyPod } = world
  const out = [...but].filter((pod) => everyPod.has(pod))
  const touched = new Set(out.map(world.behaviourOf))
  const groups = groupPods(world, everyPod).flatMap((group): readonly PodGroup[] => {
    if (!touched.has(group.behaviour)) return [group]
    const rest = group.members.filter((pod) => !but.has(pod))
    return rest.length === 0 ? [] : [groupOf(group.behaviour, rest)]
  })
  const pods: PodSet = {
    size: everyPod.size - out.length,
    has: (pod) => everyPod.has(pod) && !but.has(pod),
    [Symbol.iterator]: () => groups.flatMap(({ members }) => members).values(),
  }
  known.set(pods, groups)
  return pods
}

function groupOf(behaviour: Behaviour, members: readonly GraphPod[]): PodGroup {
  // What was added so that a workload has two pods is named last.
  return { behaviour, members: members.toSorted((left, right) => Number(isAdded(left)) - Number(isAdded(right))) }
}

function isAdded({ pod }: GraphPod): boolean {
  return pod.standIn === true && pod.name !== pod.workload?.name
}

/** One pod of each of two groups, never the same one: a pod to itself is no connection. Undefined where there are no two. */
export function pairOf(from: PodGroup, to: PodGroup): readonly [GraphPod, GraphPod] | undefined {
  const [source] = from.members
  const [destination] = to.members
  if (source === undefined || destination === undefined) return undefined
  if (source !== destination) return [source, destination]
  const other = to.members.find((member) => member !== source)
  if (other !== undefined) return [source, other]
  const another = from.members.find((member) => member !== destination)
  return another === undefined ? undefined : [another, destination]
}

/** As people call it: the workload, where the group is more than one pod of it, or stands for it. */
export function groupName({ members }: PodGroup): string {
  const [first] = members
  return first === undefined ? '' : nameOf(first, members.length > 1)
}

export function nameOf(one: GraphPod, several: boolean): string {
  const { workload, namespace, standIn } = one.pod
  return workload !== undefined && (several || standIn) ? `${namespace}/${workload.name}` : podName(one.pod)
}
