import type { Engine } from '../../compiler/engine/engine.ts'
import { workloadKey } from '../../compiler/flows/workload-pods.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { podKey } from '../../compiler/objects/pod-name.ts'

/** As whom policy would meet the pod of a noted flow today. */
export interface JudgedPods {
  /** At least one; each stands for all that are like it. */
  readonly pods: readonly Pod[]
  /** There is no pod of its workload any more. */
  readonly isGone: boolean
}

/** More kinds than a workload has whose template changes; each is judged with each of the other end. */
const MOST_KINDS = 8

/**
 * A pod that is there is judged as it is now. One that has finished, or is not there any more, has the labels and ports of those of its
 * workload that are, on whatever node, and its own where there is none. Good for as long as the pods do not change.
 */
export function createJudgedPods({ podOf, podsIn }: Pick<Engine, 'podOf' | 'podsIn'>): (then: Pod) => JudgedPods {
  const namespaces = new Map<string, ReadonlyMap<string, readonly Pod[]>>()
  const known = new Map<Pod, JudgedPods>()

  function kindsOf({ namespace, name, workload }: Pod): readonly Pod[] {
    let workloads = namespaces.get(namespace)
    if (workloads === undefined) {
      const running = podsIn(namespace).filter(isRunning)
      const groups = Map.groupBy(running, (pod) => workloadKey(namespace, pod.name, pod.workload))
      workloads = new Map(Array.from(groups, ([key, pods]) => [key, differingPods(pods)]))
      namespaces.set(namespace, workloads)
    }
    return workloads.get(workloadKey(namespace, name, workload)) ?? []
  }

  function judged(then: Pod): JudgedPods {
    const now = podOf(podKey(then))
    const isThere = now?.uid === then.uid
    if (now !== undefined && isThere && !now.finished) return { pods: [now], isGone: false }
    // The next one of its name, as a StatefulSet makes it.
    const next = now !== undefined && isRunning(now) ? [now] : kindsOf(then)
    if (next.length === 0) return { pods: [isThere ? now : then], isGone: !isThere }
    // Another pod in the place of this one: each has the address, and is nobody else.
    return { pods: next.map(({ labels, ports }) => ({ ...then, labels, ports })), isGone: false }
  }

  return (then) => {
    let found = known.get(then)
    if (found === undefined) known.set(then, (found = judged(then)))
    return found
  }
}

function isRunning({ hostNetwork, finished }: Pod): boolean {
  return !hostNetwork && !finished
}

/** One of each kind that policies can tell apart, the newest first. */
function differingPods(pods: readonly Pod[]): readonly Pod[] {
  const kinds = new Map<string, Pod>()
  for (const pod of pods.toSorted((left, right) => (left.createdAt > right.createdAt ? -1 : 1))) {
    const kind = JSON.stringify([pod.labels.key, pod.ports])
    if (!kinds.has(kind)) kinds.set(kind, pod)
  }
  return [...kinds.values()].slice(0, MOST_KINDS)
}
