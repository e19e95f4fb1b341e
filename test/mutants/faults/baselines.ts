import type { Fault } from '../fault.ts'

const law = 'a baseline of policy tests is right'

/** Baselines that leave something out, or of which lines do not hold. */
export const BASELINES: readonly Fault[] = [
  {
    fault: 'a baseline leaves out clients of a named port',
    law,
    file: 'policy-test/baseline-clients.ts',
    find: 'const grants = world.possibleOf(target.ingress)',
    replace:
      'const named = target.pod.ports.map(({ number }) => number); const grants = world.possibleOf(target.ingress).filter(({ ports }) => !ports.ranges.TCP.some(({ from }) => named.includes(from)))',
  },
  {
    fault: 'a baseline leaves out that pods which are elsewhere are reached',
    law,
    file: 'policy-test/baseline-reach.ts',
    find: '...reached, ...expected]',
    replace: '...reached]',
  },
  {
    fault: 'a baseline leaves out that addresses are reached',
    law,
    file: 'policy-test/baseline-reach.ts',
    find: '...reached, ...expected]',
    replace: '...expected]',
  },
  {
    fault: 'a baseline speaks of pods that nobody can be',
    law,
    file: 'policy-test/baseline-reach.ts',
    find: 'grant.pods.length > 0 && hasWords(grant)',
    replace: 'hasWords(grant)',
  },
  {
    fault: 'a baseline looks for the port of absent pods at those who are here',
    law,
    file: 'policy-test/resolve-target.ts',
    find: "(without === 'at most' || pods.size + hosts.size === 0)",
    replace: '(pods.size + hosts.size === 0)',
  },
]
