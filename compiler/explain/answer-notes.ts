import type { Cluster } from '../cluster/create-cluster.ts'
import type { FoundEnd } from '../cluster/found-end.ts'
import type { PairAnswer } from './answer-leg.ts'
import { lookUpNames } from './name-lookup.ts'
import { ownNodeNotes } from './own-node-notes.ts'
import { serviceBlockNotes } from './service-block-notes.ts'
import { serviceSourceNotes } from './service-source-notes.ts'
import type { Site } from './site.ts'

/** What has to be known beside the verdicts. */
export function answerNotes(
  cluster: Cluster,
  from: FoundEnd,
  to: FoundEnd,
  sources: readonly Site[],
  pairs: readonly PairAnswer[],
): readonly string[] {
  return [
    ...serviceSourceNotes(from, to),
    ...serviceBlockNotes(cluster, sources, to, pairs),
    ...lookupNotes(cluster, sources, to),
    ...itselfNotes(from, to, pairs),
    ...ownNodeNotes(pairs),
  ]
}

/** What one pod of a workload may do says nothing of two of them. */
function itselfNotes(from: FoundEnd, to: FoundEnd, pairs: readonly PairAnswer[]): readonly string[] {
  const same = pairs.filter(({ families }) => families.some(({ answer }) => answer.itself))
  const notes = same.map(
    (pair) => `${pair.from} is one pod at both ends: a pod always reaches itself, whatever policy says`,
  )
  const isWorkload = from.kind === 'pods' && to.kind === 'pods' && from.name === to.name && same.length === 0
  return isWorkload
    ? [...notes, `${from.name} at both ends is two of its pods; each by itself always reaches itself`]
    : notes
}

/** Whoever connects by name asks the cluster's DNS first, and that is egress too. */
function lookupNotes(cluster: Cluster, sites: readonly Site[], to: FoundEnd): readonly string[] {
  if ((to.kind !== 'service' && to.kind !== 'pods') || to.dnsName === undefined) return []
  const { dnsName } = to
  return sites.flatMap((site) => {
    if (site.kind !== 'pod' || site.pod.egress === 'open') return []
    const { allowed, assumed: guessed } = lookUpNames(cluster, site.pod)
    if (allowed) return []
    const assumed = !guessed
      ? ''
      : ' (the input holds no DNS pod; one in kube-system with k8s-app=kube-dns was assumed)'
    return [
      `${site.name} cannot look up the name ${dnsName}: its egress to the cluster's DNS on UDP 53 is denied${assumed}`,
    ]
  })
}
