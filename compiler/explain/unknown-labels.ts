import { type Cluster, createCluster } from '../cluster/create-cluster.ts'
import type { FoundEnd } from '../cluster/found-end.ts'
import { createLabelInterner } from '../objects/label-set.ts'
import type { Pod } from '../objects/objects.ts'
import { podKey } from '../objects/pod-name.ts'
import { createSelector, type Selector } from '../objects/selector.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'
import type { Explanation } from './explanation.ts'
import type { Refusal } from './site.ts'

/** Stands for every value that no selector names: no label's value can be so (apimachinery validation). */
const ANOTHER = '?'
const MOST_WORLDS = 64
const MOST_NAMES = 5

/** Keys of labels, each with the values that selectors name for it. */
type Asked = ReadonlyMap<string, ReadonlySet<string>>
type Values = readonly (readonly [string, string])[]

/** One end's pods with labels of which a selector asks what no file says. */
interface Side {
  readonly pods: readonly Pod[]
  readonly asked: Asked
}

/**
 * The answer where it is the same whatever the values are that no file says of the ends' labels; else why there is none.
 * Undefined where no selector asks for such a label. A pod to which a Service may lead is one of its end's.
 */
export function answerWhateverLabels(
  cluster: Cluster,
  ends: readonly [FoundEnd, FoundEnd],
  answerIn: (world: Cluster) => Explanation | Refusal,
): Explanation | Refusal | undefined {
  const selectors = selectorsOf(cluster)
  const [from, to] = [sideOf(podsOf(cluster, ends[0]), selectors), sideOf(podsOf(cluster, ends[1]), selectors)]
  if (from.pods.length + to.pods.length === 0) return undefined
  const unknown = describe([from, to])
  const hint = 'ask with the pods of the cluster in the input (kubectl get pods -o yaml)'
  const depends: Refusal = { kind: 'problem', problem: `it depends: the value of ${unknown}`, hint }
  const worlds = pairsOf(valuesOf(from), valuesOf(to))
  if (worlds === undefined) return depends
  const answers = worlds.map(([own, other]) => answerIn(withLabels(withLabels(cluster, from, own), to, other)))
  // The last is the one in which every value is another than those that selectors name.
  const told = answers.at(-1)
  if (told === undefined || !answers.every((one) => verdictOf(one) === verdictOf(told))) return depends
  if (told.kind === 'problem') return told
  const denied = answers.map((one) => new Set(deniedPairs(one)))
  // Pods of one end may have different values: it is denied for certain where one pair is, whatever they are.
  if (!told.allowed && !deniedPairs(told).some((pair) => denied.every((one) => one.has(pair)))) return depends
  return { ...told, notes: [`the value of ${unknown}; the answer is the same whatever it is`, ...told.notes] }
}

function verdictOf(answer: Explanation | Refusal): string {
  return answer.kind === 'answer' ? String(answer.allowed) : answer.problem
}

function deniedPairs(answer: Explanation | Refusal): readonly string[] {
  const pairs = answer.kind === 'answer' ? answer.pairs : []
  return pairs.filter(({ allowed }) => !allowed).map(({ from, to }) => `${from} ${to}`)
}

/** Selectors of pods, whoever has them: policies, their peers, Services. */
function selectorsOf({ selections, services }: Cluster): readonly Selector[] {
  const ofPolicies = selections.flatMap(({ policy }) => [
    policy.podSelector,
    ...[policy.ingress, policy.egress]
      .flatMap((side) => (side?.kind === 'rules' ? side.rules : []))
      .flatMap(({ peers }) => (peers === 'anyone' ? [] : peers))
      .flatMap((peer) => (peer.kind === 'pods' ? [peer.pods] : [])),
  ])
  const ofServices = [...services.values()].map(({ selector }) =>
    createSelector([...(selector ?? [])].map(([key, value]) => ({ key, operator: 'In', values: [value] }))),
  )
  return [...ofPolicies, ...ofServices]
}

function sideOf(pods: readonly Pod[], selectors: readonly Selector[]): Side {
  const asked = new Map<string, ReadonlySet<string>>()
  const asking = pods.filter((pod) => {
    const own = askedOf(pod, selectors)
    for (const [key, values] of own) asked.set(key, new Set([...(asked.get(key) ?? []), ...values]))
    return own.size > 0
  })
  return { pods: asking, asked }
}

/** What is asked by selectors that match the pod but for labels of which no file says its value. */
function askedOf({ unknownLabels = [], labels: { labels } }: Pod, selectors: readonly Selector[]): Asked {
  const isUnknown = (key: string): boolean => unknownLabels.includes(key) && !labels.has(key)
  const asked = new Map<string, ReadonlySet<string>>()
  if (unknownLabels.length === 0) return asked
  for (const { requirements } of selectors) {
    const unknown = requirements.filter(({ key }) => isUnknown(key))
    const known = requirements.filter(({ key }) => !isUnknown(key))
    if (unknown.length === 0 || !matchesSelector(createSelector(known), labels)) continue
    for (const { key, values } of unknown) asked.set(key, new Set([...(asked.get(key) ?? []), ...values]))
  }
  return asked
}

/** Those of whose labels a selector asks what no file says. */
export function podsWithUntoldLabels(cluster: Cluster): ReadonlySet<string> {
  const pods = [...cluster.graph.pods.values()].map(({ pod }) => pod).filter((pod) => pod.unknownLabels !== undefined)
  if (pods.length === 0) return new Set()
  const selectors = selectorsOf(cluster)
  return new Set(pods.filter((pod) => askedOf(pod, selectors).size > 0).map(podKey))
}

/** Those that the end is or may be. */
function podsOf({ graph }: Cluster, end: FoundEnd): readonly Pod[] {
  if (end.kind === 'pods') return end.pods.map(({ pod }) => pod)
  if (end.kind !== 'service') return []
  const { namespace, selector } = end.service
  return [...graph.pods.values()].flatMap(({ pod }) => {
    const { unknownLabels = [], labels } = pod
    const mayHave = ([key, value]: readonly [string, string]): boolean =>
      labels.labels.get(key) === value || (unknownLabels.includes(key) && !labels.labels.has(key))
    return selector !== undefined && pod.namespace === namespace && [...selector].every(mayHave) ? [pod] : []
  })
}

/** Every way to fill in what is not said of these pods; undefined where there are too many. */
function valuesOf({ asked }: Side): readonly Values[] | undefined {
  let ways: readonly Values[] = [[]]
  for (const [key, named] of asked) {
    const values = [...named, ANOTHER]
    if (ways.length * values.length > MOST_WORLDS) return undefined
    ways = ways.flatMap((way) => values.map((value) => [...way, [key, value] as const]))
  }
  return ways
}

function pairsOf<T>(
  left: readonly T[] | undefined,
  right: readonly T[] | undefined,
): readonly (readonly [T, T])[] | undefined {
  if (left === undefined || right === undefined || left.length * right.length > MOST_WORLDS) return undefined
  return left.flatMap((one) => right.map((other) => [one, other] as const))
}

function withLabels(cluster: Cluster, { pods }: Side, values: Values): Cluster {
  if (pods.length === 0) return cluster
  const intern = createLabelInterner()
  const keys = new Set(pods.map(podKey))
  const objects = cluster.objects.map((object) => {
    if (object.kind !== 'Pod' || !keys.has(podKey(object))) return object
    const added = values.filter(([key]) => object.unknownLabels?.includes(key))
    // Of a pod at both ends the later value counts: two pods of one workload are taken to have the same.
    return { ...object, labels: intern([...object.labels.labels, ...added]) }
  })
  return createCluster(objects, cluster.others)
}

/** `label pod-template-hash of shop/db cannot be told from files`. */
function describe(sides: readonly Side[]): string {
  const keys = [...new Set(sides.flatMap(({ asked }) => [...asked.keys()]))]
  const pods = sides.flatMap((side) => side.pods)
  const names = [...new Set(pods.map(({ namespace, name, workload }) => `${namespace}/${workload?.name ?? name}`))]
  return `label ${keys.join(', ')} of ${names.slice(0, MOST_NAMES).join(', ')} cannot be told from files`
}
