import type { Fault } from '../fault.ts'

/** The order of steps, and what is taken from live flows. */
export const PLANNING: readonly Fault[] = [
  {
    fault: 'sets that old chains read grow before the swap',
    law: 'old verdict or new verdict',
    file: 'nftables/plan-transactions.ts',
    find: 'read.before.has(name) ? steps.widen : steps.prepare',
    replace: 'steps.prepare',
  },
  {
    fault: 'sets that new chains read shrink after the swap',
    law: 'old verdict or new verdict',
    file: 'nftables/plan-transactions.ts',
    find: 'read.after.has(name) ? steps.narrow : steps.settle',
    replace: 'steps.settle',
  },
  {
    fault: 'sets that chains read before and after are not diverted',
    law: 'old verdict or new verdict',
    file: 'nftables/divert-conflicts.ts',
    find: 'if (conflicts.size === 0) {',
    replace: 'if (conflicts.size >= 0) {',
  },
  {
    fault: 'isolation ends when the sets of its chains have changed',
    law: 'old verdict or new verdict',
    file: 'nftables/plan-transactions.ts',
    find: 'isBase ? release : ',
    replace: 'isBase ? steps.begin : ',
  },
  {
    fault: 'isolation begins before its sets have changed',
    law: 'old verdict or new verdict',
    file: 'nftables/plan-transactions.ts',
    find: 'isBase ? steps.begin : ',
    replace: 'isBase ? steps.release : ',
  },
  {
    fault: 'everything is one transaction',
    law: 'old verdict or new verdict',
    file: 'nftables/plan-transactions.ts',
    find: 'if (last === undefined || !mayJoin(last, step, read)) joined.push(step)',
    replace: 'if (last === undefined) joined.push(step)',
  },
  {
    fault: 'a chain is rewritten by adding to it',
    law: 'old verdict or new verdict',
    file: 'nftables/transaction-text.ts',
    find: 'lines.push(`flush chain ${TABLE} ${chain.name}`)',
    replace: '',
  },
  {
    fault: 'chains that a deleted map led to go with it',
    law: 'old verdict or new verdict',
    file: 'nftables/plan-transactions.ts',
    find: '[deletedChains.filter(isPortChainName), deletedChains.filter((name) => !isPortChainName(name))]',
    replace: '[[], deletedChains]',
  },
  {
    fault: 'the generation is not bumped',
    law: 'a right taken is taken from live flows',
    file: 'nftables/plan-transactions.ts',
    find: "if (change.narrows && options.established === 'rejudge')",
    replace: 'if (false)',
  },
  {
    fault: 'a peer that goes takes no right away',
    law: 'a right taken is taken from live flows',
    file: 'engine/create-engine.ts',
    find: 'narrows: isolated.narrows || sets.loses',
    replace: 'narrows: isolated.narrows',
  },
  {
    fault: 'isolation that begins takes no right away',
    law: 'a right taken is taken from live flows',
    file: 'engine/isolation-table.ts',
    find: 'return before === undefined || !grantsCover',
    replace: 'return before !== undefined && !grantsCover',
  },
  {
    fault: 'a class that changes takes no right away',
    law: 'a right taken is taken from live flows',
    file: 'graph/grants-cover.ts',
    find: 'if (wider.key === narrower.key) return true',
    replace: 'if (wider.key !== undefined) return true',
  },
]
