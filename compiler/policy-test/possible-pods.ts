import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import type { Requirement, Selector } from '../objects/selector.ts'
import { createSelector } from '../objects/selector.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import { selectedText } from './decode-end.ts'

export type Labels = ReadonlyMap<string, string>

/** Somebody whom a rule lets in whether or not the input has such a pod: with exactly the labels that the rule asks for. */
export interface PossiblePod {
  /** Undefined: a namespace that the input does not have. */
  readonly namespace: string | undefined
  readonly namespaceLabels: Labels
  readonly labels: Labels
  /** `pods with app=api in shop` */
  readonly text: string
}

/** Namespaces of the input, with their labels. */
export type Namespaces = ReadonlyMap<string, Labels>

/** Stands for a value that no selector names: no label's value can be so (apimachinery validation). */
const ANY_VALUE = '?'

/** Selectors that list many values of many keys are taken value by value, not in every combination. */
const MOST_CASES = 256

/** The pods that a peer of a rule stands for: in each namespace of the input that it means, and in one beside them. */
export function possiblePods({ namespaces: scope, pods }: PeerGroup, namespaces: Namespaces): readonly PossiblePod[] {
  const cases = labelCases(pods)
  const places = scope.kind === 'named' ? [placeOf(scope.name, namespaces)] : placesOf(scope.selector, namespaces)
  return places.flatMap(({ namespace, labels: namespaceLabels }) =>
    cases.map((labels) => ({ namespace, namespaceLabels, labels, text: textOf(namespace, namespaceLabels, labels) })),
  )
}

interface Place {
  readonly namespace: string | undefined
  readonly labels: Labels
}

function placeOf(name: string, namespaces: Namespaces): Place {
  return { namespace: name, labels: namespaces.get(name) ?? new Map([[NAMESPACE_NAME_LABEL, name]]) }
}

function placesOf(selector: Selector, namespaces: Namespaces): readonly Place[] {
  const known = [...namespaces].flatMap(([namespace, labels]) =>
    matchesSelector(selector, labels) ? [{ namespace, labels }] : [],
  )
  const beside = labelCases(selector).flatMap((labels): readonly Place[] => {
    const name = labels.get(NAMESPACE_NAME_LABEL)
    if (name === undefined || name === ANY_VALUE) {
      return matchesSelector(selector, withAName(labels)) ? [{ namespace: undefined, labels }] : []
    }
    return namespaces.has(name) ? [] : [{ namespace: name, labels }]
  })
  return [...known, ...beside]
}

/** Every namespace has its name as a label, whatever it is: a selector that asks for none means nobody. */
export function withAName(labels: Labels): Labels {
  return labels.has(NAMESPACE_NAME_LABEL) ? labels : new Map([...labels, [NAMESPACE_NAME_LABEL, ANY_VALUE]])
}

/** The sets of labels that a selector asks for, one for each value that it lists; none where nothing can have them. */
export function labelCases(selector: Selector): readonly Labels[] {
  const byKey = Map.groupBy(selector.requirements, ({ key }) => key)
  const choices = [...byKey].flatMap(([key, requirements]) => {
    const values = valuesOf(requirements)
    return values === undefined ? [] : [{ key, values }]
  })
  const count = choices.reduce((product, { values }) => product * values.length, 1)
  const cases = count <= MOST_CASES ? combinations(choices) : oneByOne(choices)
  return cases.filter((labels) => matchesSelector(selector, labels))
}

/** Undefined where the key may be missing. */
function valuesOf(requirements: readonly Requirement[]): readonly string[] | undefined {
  const listed = requirements.find(({ operator }) => operator === 'In')
  if (listed !== undefined) return listed.values
  return requirements.some(({ operator }) => operator === 'Exists') ? [ANY_VALUE] : undefined
}

interface Choice {
  readonly key: string
  readonly values: readonly string[]
}

function combinations(choices: readonly Choice[]): readonly Labels[] {
  let cases: readonly Labels[] = [new Map()]
  for (const { key, values } of choices) {
    cases = cases.flatMap((labels) => values.map((value) => new Map([...labels, [key, value]])))
  }
  return cases
}

function oneByOne(choices: readonly Choice[]): readonly Labels[] {
  const first = new Map(choices.map(({ key, values }) => [key, values[0] ?? '']))
  return choices.flatMap(({ key, values }) => values.map((value) => new Map([...first, [key, value]])))
}

/**
 * Is it somebody like this pod of the input? All of its labels are the pod's, and it has some; so a rule for whole namespaces
 * stands for more than any pod.
 */
export function isLike(possible: PossiblePod, namespace: string, namespaceLabels: Labels, labels: Labels): boolean {
  const isThere =
    possible.namespace === undefined
      ? isPartOf(possible.namespaceLabels, namespaceLabels)
      : possible.namespace === namespace
  return isThere && isPartOf(possible.labels, labels)
}

function isPartOf(some: Labels, all: Labels): boolean {
  return some.size > 0 && [...some].every(([key, value]) => all.get(key) === value)
}

function textOf(namespace: string | undefined, namespaceLabels: Labels, labels: Labels): string {
  const namespaces =
    namespace === undefined ? asSelector(namespaceLabels) : asSelector(new Map([[NAMESPACE_NAME_LABEL, namespace]]))
  const text = selectedText({ namespaces, pods: asSelector(labels), absent: false })
  return namespace === undefined && namespaceLabels.size === 0 ? `${text} of any namespace` : text
}

function asSelector(labels: Labels): Selector {
  return createSelector(
    [...labels].map(([key, value]) =>
      value === ANY_VALUE ? { key, operator: 'Exists', values: [] } : { key, operator: 'In', values: [value] },
    ),
  )
}
