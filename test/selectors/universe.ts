import fc from 'fast-check'
import { createLabelInterner, type LabelSet } from '../../compiler/objects/label-set.ts'
import { createSelector, type Requirement, type Selector } from '../../compiler/objects/selector.ts'
import { createPeerGroup, type NamespaceScope, type PeerGroup } from '../../compiler/selectors/peer-group.ts'

/** Few keys with few values; a key and a value that look alike, so that an index that mixes them up shows it. */
const PAIRS = [
  ['app', 'a'],
  ['app', 'b'],
  ['app', ''],
  ['a', 'app'],
  ['tier', 'a'],
] as const

const KEYS = ['app', 'a', 'tier', 'nowhere']

export const NAMESPACES = ['shop', 'shop-db', 'ops'] as const

const internLabels = createLabelInterner()

export const labelSets: fc.Arbitrary<LabelSet> = fc.subarray([...PAIRS]).map((pairs) => internLabels(pairs))

const requirements: fc.Arbitrary<Requirement> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...KEYS),
      fc.constantFrom('In' as const, 'NotIn' as const),
      fc.uniqueArray(fc.constantFrom('a', 'b', '', 'app'), { minLength: 1, maxLength: 3 }),
    )
    .map(([key, operator, values]) => ({ key, operator, values })),
  fc
    .tuple(fc.constantFrom(...KEYS), fc.constantFrom('Exists' as const, 'DoesNotExist' as const))
    .map(([key, operator]) => ({ key, operator, values: [] })),
)

export const selectors: fc.Arbitrary<Selector> = fc
  .array(requirements, { maxLength: 2 })
  .map((some) => createSelector(some))

const scopes: fc.Arbitrary<NamespaceScope> = fc.oneof(
  fc.constantFrom(...NAMESPACES).map((name) => ({ kind: 'named' as const, name })),
  selectors.map((selector) => ({ kind: 'selected' as const, selector })),
)

export const peerGroups: fc.Arbitrary<PeerGroup> = fc
  .tuple(scopes, selectors)
  .map(([namespaces, pods]) => createPeerGroup(namespaces, pods))

/** The API's words for a selector, one label at a time: the judge of these tests, which shares no code with the index. */
export function naivelySelects(selector: Selector, { labels }: LabelSet): boolean {
  return selector.requirements.every(({ key, operator, values }) => {
    const has = labels.has(key)
    const among = has && values.includes(labels.get(key) ?? '')
    return { In: among, NotIn: !among, Exists: has, DoesNotExist: !has }[operator]
  })
}

export function naivelyHas(
  { namespaces, pods }: PeerGroup,
  namespace: { readonly name: string; readonly labels: LabelSet },
  labels: LabelSet,
): boolean {
  const inScope =
    namespaces.kind === 'named'
      ? namespaces.name === namespace.name
      : naivelySelects(namespaces.selector, namespace.labels)
  return inScope && naivelySelects(pods, labels)
}
