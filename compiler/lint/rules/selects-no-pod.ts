import { podName } from '../../objects/pod-name.ts'
import { matchesSelector } from '../../selectors/matches-selector.ts'
import { type LintRule, remarkOn } from '../lint-rule.ts'
import { podIndexOf } from '../pod-index.ts'
import { untoldHint, untoldLabels, whyMorePods, workloadOfLabels } from '../pods-not-here.ts'

/** A policy whose podSelector matches no pod does nothing; often a label is misspelt, or the namespace is another one. */
export const selectsNoPod: LintRule = {
  name: 'selects-no-pod',
  severity: 'warning',
  summary: 'The policy selects no pod',
  check(input) {
    const { cluster, complete } = input
    // A repository that holds policies alone says nothing about pods.
    if (cluster.graph.pods.size === 0) return []
    const all = [...cluster.graph.pods.values()].map(({ pod }) => pod)
    return cluster.selections
      .filter(({ pods }) => pods.length === 0)
      .flatMap(({ policy }) => {
        const { podSelector, namespace } = policy
        const inNamespace = podIndexOf(cluster.graph)
          .inNamespace(namespace)
          .map(({ pod }) => pod)
        const alike = inNamespace.filter(({ labels }) => matchesSelector(podSelector, labels.labels))
        // The pods of a Job that is done come again with the next one.
        if (alike.some(({ finished }) => finished)) return []
        const untold = untoldLabels(input, podSelector, inNamespace)
        if (untold === '') return []
        if (untold !== undefined) {
          const message = `whether namespace ${namespace} has a pod with ${podSelector.key} cannot be told from files`
          return [remarkOn(policy, undefined, message, untoldHint(untold), 'note')]
        }
        const host = alike.find(({ hostNetwork }) => hostNetwork)
        const what = podSelector.key === '' ? 'no pod' : `no pod with ${podSelector.key}`
        const message = `namespace ${namespace} has ${what}: the policy does nothing`
        if (host !== undefined) {
          const hint = `${podName(host)} is on its node's network, where no policy governs it`
          return [remarkOn(policy, undefined, message, hint)]
        }
        const labelled = workloadOfLabels(input, podSelector, [namespace])
        if (labelled !== undefined) {
          const hint = `the labels are on ${labelled} and not on its pods: podSelector matches spec.template.metadata.labels`
          return [remarkOn(policy, undefined, message, hint)]
        }
        const elsewhere = all.find(
          ({ labels }) => podSelector.key !== '' && matchesSelector(podSelector, labels.labels),
        )
        if (elsewhere !== undefined) {
          const hint = `${podName(elsewhere)} has these labels: is ${elsewhere.namespace} the policy's namespace?`
          return [remarkOn(policy, undefined, message, hint)]
        }
        const reason = whyMorePods(input, [namespace])
        const hint =
          inNamespace.length === 0 ? 'is it the right namespace?' : 'compare podSelector with the labels of the pods'
        if (reason !== undefined)
          return [remarkOn(policy, undefined, `${message}, as far as files tell: ${reason}`, hint, 'note')]
        // Its pods may be written somewhere else.
        if (inNamespace.length === 0 && !complete) {
          return [remarkOn(policy, undefined, `${message}, unless its pods are not in the input`, hint, 'note')]
        }
        return [remarkOn(policy, undefined, message, hint)]
      })
  },
}
