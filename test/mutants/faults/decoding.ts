import type { Fault } from '../fault.ts'

/** What policies and pods say, misread. */
export const DECODING: readonly Fault[] = [
  {
    fault: 'policyTypes Egress is taken for Ingress',
    law: 'graph is oracle',
    file: 'objects/decode-policy-types.ts',
    find: "egress: list.includes('Egress')",
    replace: "egress: list.includes('Ingress')",
  },
  {
    fault: 'a podSelector that cannot be read closes nobody',
    law: 'graph is oracle, policies refused',
    file: 'objects/decode-policy.ts',
    find: 'const unreadable = selection.refusal()',
    replace: 'if (identity !== null) return undefined\n  const unreadable = selection.refusal()',
  },
  {
    fault: 'it closes both directions, whichever it has',
    law: 'graph is oracle, policies refused',
    file: 'objects/decode-policy.ts',
    find: 'spec === undefined || directions.egress !== undefined ? closed : undefined',
    replace: 'closed',
  },
  {
    fault: 'without policyTypes every policy closes egress',
    law: 'graph is oracle',
    file: 'objects/decode-policy.ts',
    find: "const hasEgress = egress.kind === 'closed' || egress.rules.length > 0",
    replace: 'const hasEgress = true',
  },
  {
    fault: 'an empty list of peers is nobody',
    law: 'graph is oracle',
    file: 'objects/decode-rule.ts',
    find: 'if (list === undefined || list.length === 0) return undefined',
    replace: 'if (list === undefined) return undefined',
  },
  {
    fault: 'endPort is ignored',
    law: 'graph is oracle',
    file: 'objects/decode-rule-port.ts',
    find: 'to: endPort ?? port',
    replace: 'to: port',
  },
  {
    fault: 'plain init containers own port names',
    law: 'graph is oracle',
    file: 'objects/decode-named-ports.ts',
    find: "if (list === 'initContainers' && container['restartPolicy'] !== 'Always') continue",
    replace: '',
  },
  {
    fault: 'failed pods keep their addresses',
    law: 'graph is oracle',
    file: 'objects/decode-pod.ts',
    find: "finished: phase === 'Succeeded' || phase === 'Failed'",
    replace: "finished: phase === 'Succeeded'",
  },
]
