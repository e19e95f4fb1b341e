import type { Fault } from '../fault.ts'

/** Policies that are only audited: what they would do is noted, and nothing else. */
export const AUDIT: readonly Fault[] = [
  {
    fault: 'what an audited policy does not grant is refused',
    law: 'an audited policy decides nothing',
    file: 'nftables/way.ts',
    find: "(state === 'enforced' ? denyChain : wouldChain)",
    replace: 'denyChain',
  },
  {
    fault: 'an audited policy takes the place of the enforced ones',
    law: 'an audited policy decides nothing',
    file: 'engine/isolation-table.ts',
    find: "isolation === 'open' ? [audited?.[direction] ?? 'open', 'audited'] : [isolation, 'enforced']",
    replace: "audited === undefined ? [isolation, 'enforced'] : [audited[direction], 'audited']",
  },
  {
    fault: 'an audited policy is enforced',
    law: 'an audited policy decides nothing',
    file: 'engine/policy-book.ts',
    find: "const enforced = isolatedBy(of('enforced'), ports, before)",
    replace: "const enforced = isolatedBy([...of('enforced'), ...of('audited')], ports, before)",
  },
  {
    fault: 'what an enforced policy denies at the other end is told',
    law: 'an audited policy decides nothing',
    file: 'flows/two-worlds.ts',
    find: 'createIsolation(worlds.enforced)',
    replace: 'createIsolation([])',
  },
  {
    fault: 'live flows are not asked what an audited policy would make of them',
    law: 'an audited policy is asked of live flows',
    file: 'engine/isolation-table.ts',
    find: 'if (after === undefined || before === after) return false',
    replace: "if (after === undefined || before === after || after.state === 'audited') return false",
  },
]
