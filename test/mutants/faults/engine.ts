import type { Fault } from '../fault.ts'

/** What has to be looked at again when something changes. */
export const ENGINE: readonly Fault[] = [
  {
    fault: 'of two owners the older one wins',
    law: 'graph is oracle',
    file: 'engine/address-owners.ts',
    find: 'compare(right.pod.createdAt, left.pod.createdAt)',
    replace: 'compare(left.pod.createdAt, right.pod.createdAt)',
  },
  {
    fault: 'a terminating pod keeps its address from the next one',
    law: 'graph is oracle',
    file: 'engine/address-owners.ts',
    find: 'Number(left.pod.terminating) - Number(right.pod.terminating) ||',
    replace: '',
  },
  {
    fault: 'of two owners the first one that came wins',
    law: 'any order, one end',
    file: 'engine/address-owners.ts',
    find: 'found.toSorted(byRight)[0]',
    replace: 'found[0]',
  },
  {
    fault: 'rivals for an address are not looked at again',
    law: 'any order, one end',
    file: 'engine/create-engine.ts',
    find: 'for (const address of claims) for (const rival of owners.claimantsOf(address)) affected.add(rival)',
    replace: '',
  },
  {
    fault: 'new labels of a namespace change no peers',
    law: 'any order, one end',
    file: 'engine/create-engine.ts',
    find: 'if (labels.key === namespaceLabels(name).key) continue',
    replace: 'continue',
  },
  {
    fault: 'the address of a pod that goes stays isolated',
    law: 'any order, one end',
    file: 'engine/create-engine.ts',
    find: 'if (entry.subjectBucket !== undefined) for (const address of entry.owned) stale.add(address)\n      ',
    replace: '',
  },
  {
    fault: 'what a policy said is remembered when it says something else',
    law: 'any order, one end',
    file: 'engine/policy-book.ts',
    find: 'standings.delete(bucket)',
    replace: '',
  },
  {
    fault: 'pods share what their policies said before one of them changed',
    law: 'any order, one end',
    file: 'engine/policy-book.ts',
    find: 'held.number = lastNumber',
    replace: '',
  },
  {
    fault: 'pods with other numbers under one port name share one normal form',
    law: 'graph is oracle',
    file: 'engine/policy-book.ts',
    find: '`${name} ${protocol} ${number}`',
    replace: '`${name} ${protocol}`',
  },
  {
    fault: 'ports that a policy names do not count',
    law: 'graph is oracle',
    file: 'engine/policy-book.ts',
    find: 'held.portNames = undefined',
    replace: 'held.portNames = new Set()',
  },
  {
    fault: 'classes that nobody has any more are kept',
    law: 'any order, one end',
    file: 'engine/class-registry.ts',
    find: 'if (node.users > 0) return',
    replace: 'if (node.users >= 0) return',
  },
  {
    fault: 'elements of sets are not taken out',
    law: 'old verdict or new verdict',
    file: 'engine/set-registry.ts',
    find: 'const removed = [...old].filter((element) => !now.has(element))',
    replace: 'const removed: string[] = []',
  },
]
