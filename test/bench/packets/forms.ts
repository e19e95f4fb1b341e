import { FAMILIES, type Family } from '../../../compiler/addresses/address.ts'
import type { RawPolicy, RawRule } from '../../oracle/raw-cluster.ts'
import type { BenchCase } from './bench-case.ts'
import { compiledRuleset } from './compiled-ruleset.ts'
import type { Flow } from './flow.ts'
import { applicationPeer, grantsOf, policyOf } from './grants.ts'
import { NAMED_PORT, namespaceOf, podAddress, remotePod } from './pods.ts'

/** A policy of one form on a pod of its own, and a flow that it grants. */
interface Form {
  readonly name: string
  readonly policies: readonly RawPolicy[]
  readonly flow: (family: Family) => Flow
}

const PEER = 500
const [SOME_PORT, OUTSIDE_PORT] = [5_000, 40_000]

/** The forms of grants, each on a pod of its own among 100 other policies; new flows, as established ones are all alike. */
export function formCases(must: number): readonly BenchCase[] {
  const others = grantsOf(100, 'over the pods').map(policyOf)
  const ruleset = compiledRuleset('forms of grants', [...others, ...FORMS.flatMap(({ policies }) => policies)])
  return FORMS.flatMap(({ name, flow }) =>
    FAMILIES.map((family): BenchCase => ({ ruleset, name, state: 'new', flow: flow(family), must })),
  )
}

const FORMS: readonly Form[] = [
  {
    name: 'peer, every port',
    policies: [ingress(100, [{ from: [applicationPeer(PEER)] }])],
    flow: fromPeer(100, SOME_PORT),
  },
  {
    name: 'port range',
    policies: [
      ingress(101, [{ from: [applicationPeer(PEER)], ports: [{ protocol: 'UDP', port: 30_000, endPort: 32_767 }] }]),
    ],
    flow: fromPeer(101, 31_000),
  },
  {
    name: 'the last of six ports',
    policies: [
      ingress(
        102,
        Array.from({ length: 6 }, (_, turn) => admit(PEER + turn, SOME_PORT + 10 * turn)),
      ),
    ],
    flow: (family) => fromPeer(102, SOME_PORT + 50, PEER + 5)(family),
  },
  {
    name: 'ipBlock, every port',
    policies: [ingress(103, [{ from: blocks() }])],
    flow: fromOutside(103, SOME_PORT),
  },
  {
    name: 'ipBlock, port',
    policies: [ingress(104, [{ from: blocks(), ports: [{ protocol: 'UDP', port: OUTSIDE_PORT }] }])],
    flow: fromOutside(104, OUTSIDE_PORT),
  },
  {
    name: 'named port',
    policies: [ingress(105, [{ from: [applicationPeer(PEER)], ports: [{ protocol: 'UDP', port: 'query' }] }])],
    flow: fromPeer(105, NAMED_PORT),
  },
  {
    name: 'egress: port',
    policies: [egress(106, [{ to: [applicationPeer(PEER)], ports: [{ protocol: 'UDP', port: SOME_PORT }] }])],
    flow: (family) => flowOf(106, remotePod(PEER), SOME_PORT, family),
  },
  {
    name: 'egress: named port',
    policies: [egress(107, [{ to: [applicationPeer(PEER)], ports: [{ protocol: 'UDP', port: 'query' }] }])],
    flow: (family) => flowOf(107, remotePod(PEER), NAMED_PORT, family),
  },
  {
    name: 'egress and ingress: port',
    policies: [
      egress(108, [{ to: [applicationPeer(99)], ports: [{ protocol: 'UDP', port: SOME_PORT }] }]),
      { ...ingress(99, [admit(108, SOME_PORT)]) },
    ],
    flow: (family) => flowOf(108, 99, SOME_PORT, family),
  },
]

function ingress(pod: number, rules: readonly RawRule[]): RawPolicy {
  return policy(pod, { policyTypes: ['Ingress'], ingress: rules })
}

function egress(pod: number, rules: readonly RawRule[]): RawPolicy {
  return policy(pod, { policyTypes: ['Egress'], egress: rules })
}

function policy(pod: number, spec: NonNullable<RawPolicy['spec']>): RawPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `form-${pod}`, namespace: namespaceOf(pod) },
    spec: { podSelector: { matchLabels: { pod: `pod-${pod}` } }, ...spec },
  }
}

function admit(application: number, port: number): RawRule {
  return { from: [applicationPeer(application)], ports: [{ protocol: 'UDP', port }] }
}

function blocks(): NonNullable<RawRule['from']> {
  return [
    { ipBlock: { cidr: '172.16.0.0/12', except: ['172.17.0.0/16', '172.20.5.0/24'] } },
    { ipBlock: { cidr: 'fd00:172::/32', except: ['fd00:172:1::/48', 'fd00:172:2:5::/64'] } },
  ]
}

function fromPeer(pod: number, port: number, application = PEER): (family: Family) => Flow {
  return (family) => flowOf(remotePod(application), pod, port, family)
}

function fromOutside(pod: number, port: number): (family: Family) => Flow {
  return (family) => ({
    source: family === 'IPv4' ? '172.18.0.9' : 'fd00:172:3::9',
    destination: podAddress(pod, family),
    destinationPort: port,
  })
}

function flowOf(from: number, to: number, port: number, family: Family): Flow {
  return { source: podAddress(from, family), destination: podAddress(to, family), destinationPort: port }
}
