import type { Fault } from '../fault.ts'

/** Rules that say too much or too little. */
export const LINT: readonly Fault[] = [
  {
    fault: 'custom resources make no pods',
    law: 'lint is right',
    file: 'lint/pods-not-here.ts',
    find: "if (!version.includes('/') || !group.includes('.') || OWN_GROUPS.test(group)) return []",
    replace: 'if (version !== kind) return []',
  },
  {
    fault: 'labels of controllers are asked of files',
    law: 'lint is right',
    file: 'lint/pods-not-here.ts',
    find: 'if (complete || untold.length === 0) return undefined',
    replace: 'if (complete || untold.length >= 0) return undefined',
  },
  {
    fault: 'both ports are a mistake',
    law: 'lint is right',
    file: 'lint/rules/service-port.ts',
    find: 'translated === undefined || isGranted(rule, translated.port, port.protocol)',
    replace: 'translated === undefined',
  },
  {
    fault: 'namespaces of others are a mistake',
    law: 'lint is right',
    file: 'lint/rules/peer-matches-nothing.ts',
    find: 'if (complete || near !== undefined) return { message, hint }',
    replace: 'return { message, hint }',
  },
  {
    fault: 'the cache on the node is in all of 0.0.0.0/0',
    law: 'lint is right',
    file: 'explain/name-lookup.ts',
    find: '(range) => first <= range.first && range.last <= last && rangesContain([range], cache.value),',
    replace: '(range) => first <= last && rangesContain([range], cache.value),',
  },
  {
    fault: 'a comment silences whatever stands there',
    law: 'lint is right',
    file: 'lint/lint-cluster.ts',
    find: '(silencersOf.get(rule.name) ?? []).filter(',
    replace: 'silencers.filter(',
  },
  {
    fault: 'nobody misses what a comment silences',
    law: 'lint is right',
    file: 'lint/lint-cluster.ts',
    find: 'silencers.filter((one) => !used.has(one))',
    replace: 'silencers.filter((one) => used.has(one))',
  },
  {
    fault: 'ports of others are all of them',
    law: 'lint is right',
    file: 'lint/rules/rule-split-in-two.ts',
    find: "return isAmong ? 'all of them' : 'none'",
    replace: "return declared.length > 0 ? 'all of them' : isAmong ? 'all of them' : 'none'",
  },
  {
    fault: 'the network of a node is unprotected',
    law: 'lint is right',
    file: 'lint/rules/unprotected.ts',
    find: '!hostNetwork && !finished',
    replace: '(!hostNetwork || hostNetwork) && !finished',
  },
  {
    fault: 'bits behind the prefix are no matter',
    law: 'lint is right',
    file: 'lint/rules/block-with-host-bits.ts',
    find: 'address.value === block.first',
    replace: 'address.value >= block.first',
  },
]
