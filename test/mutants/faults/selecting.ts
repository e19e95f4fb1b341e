import type { Fault } from '../fault.ts'

/** Labels and the index of members. */
export const SELECTING: readonly Fault[] = [
  {
    fault: 'NotIn wants the label',
    law: 'graph is oracle',
    file: 'selectors/matches-selector.ts',
    find: 'return value === undefined || !values.includes(value)',
    replace: 'return value !== undefined && !values.includes(value)',
  },
  {
    fault: 'of both selectors of a peer one is enough',
    law: 'graph is oracle',
    file: 'selectors/in-peer-group.ts',
    find: 'return inScope && matchesSelector',
    replace: 'return inScope || matchesSelector',
  },
  {
    fault: 'pods are looked up under the first value of an In only',
    law: 'any order, one end',
    file: 'selectors/selector-anchors.ts',
    find: 'best = values.map((value)',
    replace: 'best = values.slice(0, 1).map((value)',
  },
  {
    fault: 'a group has no members that were there before it',
    law: 'graph is oracle',
    file: 'selectors/membership-index.ts',
    find: 'for (const bucket of places.candidates(group)) {',
    replace: 'for (const bucket of [...places.candidates(group)].slice(0, 0)) {',
  },
  {
    fault: 'namespaces are looked up under the first value of an In only',
    law: 'any order, one end',
    file: 'selectors/bucket-table.ts',
    find: 'underAny(namespacesByAnchor, anchors)',
    replace: 'underAny(namespacesByAnchor, anchors.slice(0, 1))',
  },
  {
    fault: 'a namespace is found under its labels of before',
    law: 'any order, one end',
    file: 'selectors/bucket-table.ts',
    find: 'namespaces.delete(bucket.namespace)',
    replace: '',
  },
]
