import type { Cluster } from '../cluster/create-cluster.ts'
import { ifEnforced } from '../cluster/if-enforced.ts'
import { podName } from '../objects/pod-name.ts'
import { findEnd } from '../cluster/find-end.ts'
import type { FoundEnd } from '../cluster/found-end.ts'
import { answerLeg, type PairAnswer } from './answer-leg.ts'
import { answerNotes } from './answer-notes.ts'
import { withAssumedDns } from './assumed-dns.ts'
import type { Destinations } from './destination.ts'
import { destinationsOf } from './destinations-of.ts'
import { nodesOfEnd } from './host-sites.ts'
import type { Explanation, QuestionProblem } from './explanation.ts'
import { legsBetween } from './legs-between.ts'
import { parsePort } from './parse-port.ts'
import { withPossiblePod } from './possible-pod.ts'
import type { Question, Words } from './question.ts'
import type { Leg, Refusal } from './site.ts'
import { type Sources, sourcesOf } from './sources-of.ts'
import { withTwins } from './twins.ts'
import { answerWhateverLabels } from './unknown-labels.ts'
import { unknownNamespaceNotes } from './unknown-namespace.ts'

type Known = Exclude<FoundEnd, { kind: 'nothing' }>

export function answerQuestion(given: Cluster, question: Question): Explanation | QuestionProblem {
  const { from, to, port, namespace } = question
  let cluster = given
  const words: string[] = []
  for (const end of [from, to]) {
    if (typeof end === 'string') {
      words.push(end)
      continue
    }
    const added = withPossiblePod(cluster, end)
    if (added.kind === 'problem') return added
    cluster = added.cluster
    words.push(added.address)
  }
  const [source = '', destination = ''] = words
  const answer = withWould(cluster, { from: source, to: destination, port, namespace })
  return withNotes(unknownNamespaceNotes(given, question), answer)
}

/** Asked once more where a policy is only audited, and told where it would have a say. */
function withWould(cluster: Cluster, question: Words): Explanation | QuestionProblem {
  const answer = answerWords(cluster, question)
  const enforced = ifEnforced(cluster)
  if (answer.kind === 'problem' || enforced === undefined) return answer
  const would = answerWords(enforced, question)
  if (would.kind === 'problem') return answer
  const audited = new Set(cluster.audited.map(({ policy }) => podName(policy)))
  const isolating = would.pairs.flatMap(({ families }) =>
    families.flatMap(({ answer: { egress, ingress } }) => [...egress.isolatedBy, ...ingress.isolatedBy]),
  )
  const policies = [...new Set(isolating)].filter((name) => audited.has(name)).sort()
  return policies.length === 0 ? answer : { ...answer, would: { policies, answer: would } }
}

function answerWords(given: Cluster, question: Words): Explanation | QuestionProblem {
  const port = parsePort(question.port)
  if (port.kind === 'problem') return port
  const { cluster, notes: assumed } = withAssumedDns(given, question)
  const from = findEnd(cluster, question.from, question.namespace)
  if (from.kind === 'nothing') return { ...from, kind: 'problem' }
  const to = findDestination(cluster, question, from)
  if (to.kind === 'nothing') return { ...to, kind: 'problem' }
  const whatever = answerWhateverLabels(cluster, [from, to], (world) => answerWords(world, question))
  if (whatever !== undefined) return withNotes(assumed, whatever)
  const sources = sourcesOf(cluster, from, nodesOfEnd(cluster, to))
  if (sources.kind === 'problem') return sources
  const destinations = destinationsOf(cluster, to, port, nodesOfEnd(cluster, from))
  if (destinations.kind === 'problem') return destinations
  const twinned = withTwins(cluster, sources.sites, destinations)
  // Once more, with a second pod of the workload: whoever asks of a workload asks of any two of its pods.
  if (twinned !== undefined) return answerWords(twinned, question)
  const answer = answerAll(cluster, from, to, sources, destinations)
  return withNotes(assumed, answer)
}

function withNotes(notes: readonly string[], answer: Explanation | QuestionProblem): Explanation | QuestionProblem {
  return answer.kind === 'problem' ? answer : { ...answer, notes: [...notes, ...answer.notes] }
}

/** A short DNS name is completed with the namespace of the pod that asks for it. */
function findDestination(cluster: Cluster, question: Words, from: Known): FoundEnd {
  const inOwn = findEnd(cluster, question.to, question.namespace)
  if (inOwn.kind !== 'nothing' || from.kind !== 'pods') return inOwn
  const asked = findEnd(cluster, question.to, from.pods[0]?.pod.namespace ?? question.namespace)
  return asked.kind === 'nothing' ? inOwn : asked
}

function answerAll(
  cluster: Cluster,
  from: Known,
  to: Known,
  sources: Exclude<Sources, Refusal>,
  destinations: Exclude<Destinations, Refusal>,
): Explanation | QuestionProblem {
  const between = legsBetween(cluster, sources.sites, destinations)
  if (between.kind === 'problem') return between
  const answered: { readonly leg: Leg; readonly pair: PairAnswer }[] = []
  for (const leg of between.legs) {
    const pair = answerLeg(cluster, leg)
    if (pair.kind === 'problem') return pair
    answered.push({ leg, pair })
  }
  // Of a Service in two families, the pods of the other one are never tried.
  const pairs = answered.map(({ pair }) => pair).filter(({ families }) => families.length > 0)
  const apart = answered.map(({ pair }) => pair).find(({ families }) => families.length === 0)
  const disjoint = apart && `${apart.from} and ${apart.to} have no address of one family`
  if (disjoint !== undefined && pairs.length === 0) {
    return { kind: 'problem', problem: disjoint, hint: 'no connection is possible, whatever policy says' }
  }
  const notes = [
    ...sources.notes,
    ...destinations.notes,
    ...between.notes,
    ...answerNotes(cluster, from, to, sources.sites, pairs),
    ...(disjoint === undefined ? [] : [disjoint]),
  ]
  const allowed = pairs.every((pair) => pair.allowed)
  return { kind: 'answer', from: from.name, to: to.name, cluster, allowed, pairs, notes: [...new Set(notes)] }
}
