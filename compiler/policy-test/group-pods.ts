import type { GraphPod } from '../graph/allow-graph.ts'
import { podName } from '../objects/pod-name.ts'
import type { Behaviour } from '../reach/behaviours.ts'
import type { World } from './world.ts'

/** Some pods of one behaviour: the first speaks for all. */
export interface PodGroup {
  readonly behaviour: Behaviour
  readonly members: readonly GraphPod[]
}

/** Sets are asked for many times (`*`). */
const known = new WeakMap<ReadonlySet<GraphPod>, readonly PodGroup[]>()

/** Pods that no policy tells apart, together. */
export function groupPods(world: World, pods: ReadonlySet<GraphPod>): readonly PodGroup[] {
  let groups = known.get(pods)
  if (groups === undefined) {
    groups = [...Map.groupBy(pods, world.behaviourOf)].map(([behaviour, members]) => ({
      behaviour,
      // What was added so that a workload has two pods is named last.
      members: members.sort((left, right) => Number(isAdded(left)) - Number(isAdded(right))),
    }))
    known.set(pods, groups)
  }
  return groups
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
