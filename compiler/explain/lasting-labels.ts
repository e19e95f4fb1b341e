import type { GraphPod } from '../graph/allow-graph.ts'

/** Labels that controllers give to single pods or revisions: a policy by them would not outlive the next rollout. */
const PASSING_LABELS =
  /^(pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/.*)$/

/** The labels that a pod will have again when it is made anew. */
export function lastingLabels({ pod }: GraphPod): Readonly<Record<string, string>> {
  return Object.fromEntries([...pod.labels.labels].filter(([key]) => !PASSING_LABELS.test(key)))
}
