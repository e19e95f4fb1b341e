import type { Fault } from '../fault.ts'

const law = 'a suggestion is right'

/** Policies made of flows. */
export const SUGGESTING: readonly Fault[] = [
  {
    fault: 'what others have in common with a workload is not looked at',
    law,
    file: 'suggest/tell-apart.ts',
    find: 'let clashing = others.filter(',
    replace: 'let clashing = others.slice(others.length).filter(',
  },
  {
    fault: 'a label that only others have does not leave them out',
    law,
    file: 'suggest/tell-apart.ts',
    find: '      alsoSelects.push(other)\n',
    replace: '',
  },
  {
    fault: 'a pod that is isolated already gets the grants of the others of its workload',
    law,
    file: 'suggest/subjects.ts',
    find: "if (isolated === 0) return 'none'",
    replace: "if (isolated < pods.length) return 'none'",
  },
  {
    fault: 'whom no label tells from a workload, its policy is not for',
    law,
    file: 'suggest/subjects.ts',
    find: 'const met = new Set([...joined, ...selector.alsoSelects.flatMap((pod) => homes.get(pod) ?? [])])',
    replace: 'const met = new Set(joined)',
  },
  {
    fault: 'protocols without ports are forgotten',
    law,
    file: 'suggest/rule-ports.ts',
    find: 'if (seen.other) return',
    replace: 'if (seen.other && seen.ranges.TCP.length === 0) return',
  },
  {
    fault: 'what policies deny today is opened again',
    law,
    file: 'suggest/sort-flows.ts',
    find: "judge(from, to, transport, family) === 'none'",
    replace: "judge(to, from, transport, family) === 'none'",
  },
  {
    fault: 'what was seen is told as opened beyond it',
    law,
    file: 'suggest/opens-beyond.ts',
    find: 'subtractPortSets(all, known)',
    replace: 'all',
  },
  {
    fault: 'pods that a selector meets beside those that were seen are not told',
    law,
    file: 'suggest/opens-beyond.ts',
    find: '...peer.workload.pods, ...selectors.of(peer.workload).alsoSelects',
    replace: '...peer.workload.pods',
  },
  {
    fault: 'what an address gets beyond what was seen of it is not told',
    law,
    file: 'suggest/opens-beyond.ts',
    find: 'subtractPortSets(ports.opens, known ?? NO_PORT)',
    replace: 'subtractPortSets(ports.opens, known ?? ports.opens)',
  },
  {
    fault: 'pods of every namespace are peers',
    law,
    file: 'suggest/policy-manifest.ts',
    find: 'if (peer.workload.namespace === namespace) return { podSelector }',
    replace: 'if (peer.workload.namespace !== namespace) return { namespaceSelector: {}, podSelector }',
  },
  {
    fault: 'of a pod to itself it is told that it goes on',
    law: 'of what was seen a change cuts what it cuts',
    file: 'flows/was-allowed.ts',
    find: ' && source.address !== destination.address',
    replace: '',
  },
  {
    fault: 'what was denied before is told as cut',
    law: 'of what was seen a change cuts what it cuts',
    file: 'flows/cut-flows.ts',
    find: 'if (RANK[after] >= RANK[before]) return',
    replace: "if (after !== 'none') return",
  },
  {
    fault: 'one direction is asked of a flow',
    law: 'of what was seen a change cuts what it cuts',
    file: 'flows/judge-flow.ts',
    find: 'if (egress.allowed && ingress.allowed) passing += 1',
    replace: 'if (egress.allowed) passing += 1',
  },
]
