import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLabelInterner, type LabelSet } from '../../compiler/objects/label-set.ts'
import { type Bucket, createMembershipIndex, type GroupNode } from '../../compiler/selectors/membership-index.ts'
import { createPeerGroup, EVERY_POD, type PeerGroup } from '../../compiler/selectors/peer-group.ts'
import { createSelector, EVERYTHING, type Selector } from '../../compiler/objects/selector.ts'
import { numRuns } from '../support/runs.ts'
import { labelSets, naivelyHas, NAMESPACES, peerGroups } from './universe.ts'

const member = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const namespace = fc.constantFrom(...NAMESPACES)

/** What an engine does with an index; adding a member that is in it, or removing one that is not, is no step. */
const steps = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), member, namespace, labels: labelSets }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), member }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('use' as const), group: peerGroups }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('relabel' as const), namespace, labels: labelSets }) },
)

interface Placed {
  readonly namespace: string
  readonly labels: LabelSet
  readonly bucket: Bucket<string>
}

test('after any history the index knows the members of each group in use, and the groups of each member', () => {
  const runs = numRuns(200)
  const seen = { memberships: 0, relabelled: 0, dropped: 0 }
  fc.assert(
    fc.property(fc.array(steps, { minLength: 10, maxLength: 40 }), labelSets, (history, initial) => {
      const labelsOf = new Map<string, LabelSet>(NAMESPACES.map((name) => [name, initial]))
      const namespaceLabels = (name: string) => labelsOf.get(name) ?? initial
      const index = createMembershipIndex<string>(namespaceLabels)
      const placed = new Map<string, Placed>()
      const inUse = new Map<string, { group: PeerGroup; node: GroupNode<string> }>()
      for (const step of history) {
        switch (step.do) {
          case 'add':
            if (placed.has(step.member)) break
            placed.set(step.member, { ...step, bucket: index.add(step.member, step.namespace, step.labels) })
            break
          case 'remove': {
            const place = placed.get(step.member)
            if (place !== undefined) index.remove(step.member, place.bucket)
            placed.delete(step.member)
            break
          }
          case 'use':
            inUse.set(step.group.key, { group: step.group, node: index.use(step.group) })
            break
          case 'drop': {
            const key = [...inUse.keys()][step.which % Math.max(inUse.size, 1)] ?? 'a group that nobody uses'
            index.drop(key)
            seen.dropped += Number(inUse.delete(key))
            break
          }
          case 'relabel':
            // As the engine does it: its members leave, its labels change, they come back.
            for (const [name, place] of placed) if (place.namespace === step.namespace) index.remove(name, place.bucket)
            labelsOf.set(step.namespace, step.labels)
            for (const [name, place] of placed) {
              if (place.namespace !== step.namespace) continue
              placed.set(name, { ...place, bucket: index.add(name, place.namespace, place.labels) })
            }
            seen.relabelled += 1
        }
        const has = (group: PeerGroup, place: Placed) =>
          naivelyHas(group, { name: place.namespace, labels: namespaceLabels(place.namespace) }, place.labels)
        for (const { group, node } of inUse.values()) {
          const expected = [...placed].filter(([, place]) => has(group, place)).map(([name]) => name)
          seen.memberships += expected.length
          expect([...node.buckets].flatMap((bucket) => [...bucket.members]).sort()).toEqual(expected.sort())
        }
        for (const place of placed.values()) {
          const expected = [...inUse.values()].filter(({ group }) => has(group, place)).map(({ group }) => group.key)
          expect([...place.bucket.groups].map(({ group }) => group.key).sort()).toEqual(expected.sort())
        }
      }
    }),
    { numRuns: runs },
  )
  expect(Math.min(seen.memberships, seen.relabelled, seen.dropped)).toBeGreaterThan(runs / 2)
})

test('members with one namespace and equal labels share a bucket, others do not', () => {
  const labels: LabelSet = { key: 'app\0a', labels: new Map([['app', 'a']]) }
  const index = createMembershipIndex<string>(() => labels)
  const first = index.add('first', 'shop', labels)
  expect(index.add('second', 'shop', { key: 'app\0a', labels: new Map([['app', 'a']]) })).toBe(first)
  expect(index.add('third', 'ops', labels)).not.toBe(first)
  expect([...index.bucketsIn('shop')]).toEqual([first])
  index.remove('first', first)
  expect([...first.members]).toEqual(['second'])
  index.remove('second', first)
  expect([...index.bucketsIn('shop')]).toEqual([])
})

test('the same group used twice is one node; dropped, it is gone for its members', () => {
  const labels: LabelSet = { key: '', labels: new Map() }
  const index = createMembershipIndex<string>(() => labels)
  const bucket = index.add('pod', 'shop', labels)
  const node = index.use(EVERY_POD)
  expect(index.use(createPeerGroup({ kind: 'selected', selector: EVERYTHING }, EVERYTHING))).toBe(node)
  expect([...bucket.groups]).toEqual([node])
  index.drop(EVERY_POD.key)
  expect([...bucket.groups]).toEqual([])
  expect(index.use(EVERY_POD)).not.toBe(node)
})

test('a scope by name and a scope by a selector of that text are two groups', () => {
  const named = createPeerGroup({ kind: 'named', name: 'shop' }, EVERYTHING)
  const selected = createPeerGroup({ kind: 'selected', selector: { key: 'shop', requirements: [] } }, EVERYTHING)
  expect(named.key).not.toBe(selected.key)
})

describe('a group that comes into use asks buckets in proportion to its members, whatever else the cluster holds', () => {
  const selector = (key: string, ...values: readonly string[]) =>
    createSelector([{ key, operator: values.length === 0 ? 'Exists' : 'In', values }])
  const where = (namespaces: Selector, pods: Selector) =>
    createPeerGroup({ kind: 'selected', selector: namespaces }, pods)

  test.each([
    ['namespaceSelector alone', where(selector('team', 'team-7'), EVERYTHING)],
    ['a namespaceSelector and a label that every pod has', where(selector('team', 'team-7'), selector('app'))],
    [
      'a namespaceSelector without anchor',
      where(createSelector([{ key: 'shared', operator: 'DoesNotExist', values: [] }]), EVERYTHING),
    ],
    ['every namespace and a label of few pods', where(EVERYTHING, selector('app', 'app-7-1', 'app-7-2'))],
    ['a label of every namespace and a label of few pods', where(selector('any'), selector('app', 'app-7-1'))],
  ])('%s', (_, group) => {
    let asked = 0
    const intern = createLabelInterner()
    const counted = ({ key, labels }: LabelSet): LabelSet => ({
      key,
      get labels() {
        asked += 1
        return labels
      },
    })
    const index = createMembershipIndex<string>((name) => {
      const number = name.slice('ns-'.length)
      return intern([['any', 'x'], ['team', `team-${number}`], ...(number === '7' ? [] : [['shared', 'x'] as const])])
    })
    for (let namespace = 0; namespace < 50; namespace++) {
      for (let app = 0; app < 40; app++) {
        const labels = counted(intern([['app', `app-${namespace}-${app}`]]))
        index.add(`${namespace}/${app}`, `ns-${namespace}`, labels)
      }
    }
    asked = 0
    const { buckets } = index.use(group)
    expect(buckets.size).toBeGreaterThan(0)
    expect(buckets.size).toBeLessThanOrEqual(40)
    expect(asked).toBeLessThanOrEqual(40)
  })
})

test('in one namespace, as many groups as label sets ask a bucket each, though other namespaces have those labels too', () => {
  const COUNT = 300
  let asked = 0
  const intern = createLabelInterner()
  const counted = ({ key, labels }: LabelSet): LabelSet => ({
    key,
    get labels() {
      asked += 1
      return labels
    },
  })
  const index = createMembershipIndex<string>((name) => intern([['name', name]]))
  for (let app = 0; app < COUNT; app++) {
    for (const namespace of ['shop', 'ops']) {
      const labels = counted(
        intern([
          ['app', `app-${app}`],
          ['tier', 'web'],
        ]),
      )
      index.add(`${namespace}/${app}`, namespace, labels)
    }
  }
  asked = 0
  for (let app = 0; app < COUNT; app++) {
    const pods = createSelector([{ key: 'app', operator: 'In', values: [`app-${app}`] }])
    const { buckets } = index.use(createPeerGroup({ kind: 'named', name: 'shop' }, pods))
    expect([...buckets].flatMap(({ members }) => [...members])).toEqual([`shop/${app}`])
  }
  expect(asked).toBeLessThanOrEqual(2 * COUNT)
  // A label that all have leads to more buckets than the namespace has.
  asked = 0
  const web = createSelector([{ key: 'tier', operator: 'In', values: ['web'] }])
  expect(index.use(createPeerGroup({ kind: 'named', name: 'ops' }, web)).buckets.size).toBe(COUNT)
  expect(asked).toBeLessThanOrEqual(COUNT)
  index.use(createPeerGroup({ kind: 'named', name: 'nowhere' }, web))
  expect(asked).toBeLessThanOrEqual(COUNT)
})
