import { fewNames } from '../../objects/few-names.ts'
import type { Pod, Policy } from '../../objects/objects.ts'
import { podName } from '../../objects/pod-name.ts'
import { matchesSelector } from '../../selectors/matches-selector.ts'
import { type LintInput, type LintRule, type Remark, remarkOn, type Severity } from '../lint-rule.ts'
import { type Doubtful, foldDoubtful, isMadeWithLabels, whyMorePods } from '../made-later.ts'
import { podIndexOf } from '../pod-index.ts'
import { isSlip, nearlyMatched, untoldHint, untoldLabels, workloadOfLabels } from '../pods-not-here.ts'
import { rawAt } from '../raw-object.ts'

const ASK = 'is it the right namespace?'

/** A policy whose podSelector matches no pod does nothing; often a label is misspelt, or the namespace is another one. */
export const selectsNoPod: LintRule = {
  name: 'selects-no-pod',
  severity: 'warning',
  summary: 'The policy selects no pod',
  check(input) {
    const { cluster } = input
    // A repository that holds policies alone says nothing about pods.
    if (cluster.graph.pods.size === 0) return []
    const idle = cluster.selections.filter(({ pods }) => pods.length === 0)
    const told = idle.flatMap(({ policy }) => remarksOn(input, policy))
    const doubtful = told.filter((one): one is Doubtful => 'reason' in one)
    return [
      ...told.filter((one): one is Remark => !('reason' in one)),
      ...foldDoubtful(doubtful, ['policy', 'policies']),
    ]
  },
}

function remarksOn(input: LintInput, policy: Policy): readonly (Remark | Doubtful)[] {
  const { graph } = input.cluster
  const { podSelector, namespace } = policy
  const inNamespace = podsOf(podIndexOf(graph).inNamespace(namespace))
  const alike = inNamespace.filter(({ labels }) => matchesSelector(podSelector, labels.labels))
  // The pods of a Job that is done come again with the next one.
  if (alike.some(({ finished }) => finished)) return []
  const untold = untoldLabels(input, podSelector, inNamespace)
  if (untold === '') return []
  const remark = (message: string, hint: string, severity?: Severity) =>
    remarkOn(policy, undefined, message, hint, severity)
  if (untold !== undefined) {
    const message = `whether namespace ${namespace} has a pod with ${podSelector.key} cannot be told from files`
    return [remark(message, untoldHint(untold), 'note')]
  }
  const what = podSelector.key === '' ? 'no pod' : `no pod with ${podSelector.key}`
  const message = `namespace ${namespace} has ${what}: the policy does nothing`
  const host = alike.find(({ hostNetwork }) => hostNetwork)
  if (host !== undefined) {
    return [remark(message, `${podName(host)} is on its node's network, where no policy governs it`)]
  }
  if (isMadeWithLabels(input, podSelector, [namespace])) return []
  const labelled = workloadOfLabels(input, podSelector, [namespace])
  if (labelled !== undefined) {
    const hint = `the labels are on ${labelled} and not on its pods: podSelector matches spec.template.metadata.labels`
    return [remark(message, hint)]
  }
  const reason = whyMorePods(input, [namespace])
  const near = nearlyMatched(podSelector, inNamespace)
  if (near !== undefined) return [remark(message, `did you mean ${near}?`, reason === undefined ? undefined : 'note')]
  const all = podsOf(graph.pods.values())
  const elsewhere = all.filter(({ labels }) => matchesSelector(podSelector, labels.labels))
  if (inNamespace.length === 0 && !input.complete) return inEmptyNamespace(input, policy, message, elsewhere)
  const hint = 'compare podSelector with the labels of the pods'
  if (reason !== undefined) return [{ remark: remark(message, hint), namespace, reason }]
  const [there] = podSelector.key === '' ? [] : elsewhere
  if (there === undefined) return [remark(message, inNamespace.length === 0 ? ASK : hint)]
  return [remark(message, `${podName(there)} has these labels: is ${there.namespace} the policy's namespace?`)]
}

/** Pods may be written somewhere else; not those of a namespace that was left out, or is misspelt. */
function inEmptyNamespace(
  { raw }: LintInput,
  policy: Policy,
  message: string,
  elsewhere: readonly Pod[],
): readonly Remark[] {
  const { namespace, podSelector } = policy
  const isWritten = rawAt(raw, policy.place)?.namespace !== undefined
  if (isWritten) {
    const near = elsewhere.map((pod) => pod.namespace).find((one) => isSlip(namespace, one))
    return near === undefined ? [] : [remarkOn(policy, undefined, message, `did you mean namespace ${near}?`)]
  }
  const isOfAll = podSelector.key === ''
  // A policy for every pod is hardly meant for those of Kubernetes itself; one for their labels is.
  const meant = elsewhere.filter((pod) => !pod.namespace.startsWith('kube-'))
  const [pod] = isOfAll || meant.length > 0 ? meant : elsewhere
  if (pod === undefined) return elsewhere.length === 0 ? [] : [remarkOn(policy, undefined, message, ASK)]
  const names = isOfAll ? [...new Set(meant.map((one) => one.namespace))] : [pod.namespace]
  const said = isOfAll
    ? `pods are in ${names.length === 2 ? names.join(' and ') : fewNames(names)}`
    : `${podName(pod)} has these labels`
  const asked = names.length === 1 ? `is ${pod.namespace} the policy's namespace?` : "which is the policy's namespace?"
  return [remarkOn(policy, undefined, message, `${said}: ${asked}`)]
}

function podsOf(pods: Iterable<{ readonly pod: Pod }>): readonly Pod[] {
  return [...pods].map(({ pod }) => pod)
}
