import { type Theme, timed } from '../case.ts'
import { type Json } from '../kubectl.ts'
import { is, matrix, type Verdict } from '../matrix.ts'
import { createPolicies, inTeam, type Policy, podNamed, policy, subject, underPolicies } from '../policies.ts'
import { changeWays } from '../ways.ts'
const expression = (key: string, operator: string, values: readonly string[]) => ({
  matchExpressions: [{ key, operator, values }],
})

/** Ingress of x/a from some peers. */
const intoXa = (from: readonly Json[], more: Json = {}): Policy =>
  policy('x', 'into-a', { podSelector: subject('a'), policyTypes: ['Ingress'], ingress: [{ from, ...more }] })
const outOfXa = (to: readonly Json[], more: Json = {}): Policy =>
  policy('x', 'out-of-a', { podSelector: subject('a'), policyTypes: ['Egress'], egress: [{ to, ...more }] })

const onlyInto =
  (admitted: Verdict): Verdict =>
  (from, to) =>
    !is(to, 'x', 'a') || admitted(from, to)
const onlyOutOf =
  (admitted: Verdict): Verdict =>
  (from, to) =>
    !is(from, 'x', 'a') || admitted(from, to)

/** Name, policies, verdict. */
type Row = readonly [string, readonly Policy[], Verdict]

const DENY_IN = { podSelector: {}, policyTypes: ['Ingress'] }
const DENY_OUT = { podSelector: {}, policyTypes: ['Egress'] }
const ALLOW_IN = { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] }
const ALLOW_OUT = { podSelector: {}, policyTypes: ['Egress'], egress: [{}] }

const ROWS: readonly Row[] = [
  ['default deny, ingress', [policy('x', 'deny', DENY_IN)], (_, to) => to.team !== 'x'],
  ['default deny, egress', [policy('x', 'deny', DENY_OUT)], (from) => from.team !== 'x'],
  [
    'default deny, both ways',
    [policy('x', 'deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })],
    (from, to) => from.team !== 'x' && to.team !== 'x',
  ],
  ['policyTypes left out: ingress only', [policy('x', 'deny', { podSelector: {} })], (_, to) => to.team !== 'x'],
  ['from pods of the own namespace', [intoXa([podNamed('b')])], onlyInto((from) => is(from, 'x', 'b'))],
  [
    'from every pod of the own namespace, and of no other',
    [policy('x', 'own', { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] })],
    (from, to) => to.team !== 'x' || from.team === 'x',
  ],
  ['from a namespace', [intoXa([inTeam('y')])], onlyInto((from) => from.team === 'y')],
  [
    'from a namespace by its own name',
    [intoXa([{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'selvedge-e2e-z' } } }])],
    onlyInto((from) => from.team === 'z'),
  ],
  [
    'pods by expression',
    [intoXa([{ podSelector: expression('pod', 'NotIn', ['c']) }])],
    onlyInto((from) => from.team === 'x' && from.pod !== 'c'),
  ],
  [
    'namespaces by expression',
    [intoXa([{ namespaceSelector: expression('team', 'NotIn', ['x', 'hosts']) }])],
    onlyInto((from) => from.team !== 'x'),
  ],
  [
    'a namespace or pods: two peers',
    [intoXa([inTeam('y'), podNamed('b')])],
    onlyInto((from) => from.team === 'y' || is(from, 'x', 'b')),
  ],
  [
    'a namespace and pods: one peer',
    [intoXa([{ ...inTeam('y'), ...podNamed('b') }])],
    onlyInto((from) => is(from, 'y', 'b')),
  ],
  [
    'many namespaces and many pods',
    [
      intoXa([
        { namespaceSelector: expression('team', 'In', ['y', 'z']), podSelector: expression('pod', 'In', ['b', 'c']) },
      ]),
    ],
    onlyInto((from) => from.team !== 'x' && from.pod !== 'a'),
  ],
  ['from a pod that no pod is', [intoXa([podNamed('nobody')])], onlyInto(() => false)],
  [
    'policies that overlap add up',
    [
      policy('x', 'first', { podSelector: subject('a'), ingress: [{ from: [inTeam('y')] }] }),
      policy('x', 'second', { podSelector: {}, ingress: [{ from: [{ ...inTeam('z'), ...podNamed('c') }] }] }),
    ],
    (from, to) => to.team !== 'x' || is(from, 'z', 'c') || (to.pod === 'a' && from.team === 'y'),
  ],
  ['egress of one pod denied', [outOfXa([podNamed('nobody')])], onlyOutOf(() => false)],
  [
    'egress to a pod of another namespace',
    [outOfXa([{ ...inTeam('y'), ...podNamed('a') }])],
    onlyOutOf((_, to) => is(to, 'y', 'a')),
  ],
  [
    'egress denied at the client, allowed at the server',
    [outOfXa([podNamed('nobody')]), policy('y', 'allow', ALLOW_IN)],
    onlyOutOf(() => false),
  ],
  [
    'egress allowed at the client, denied at the server',
    [outOfXa([inTeam('y')]), policy('y', 'deny', DENY_IN)],
    (from, to) => to.team !== 'y' && !is(from, 'x', 'a'),
  ],
  [
    'ingress and egress in one policy',
    [
      policy('x', 'both', {
        podSelector: subject('a'),
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [inTeam('y')] }],
        egress: [{ to: [inTeam('z')] }],
      }),
    ],
    (from, to) => (!is(from, 'x', 'a') || to.team === 'z') && (!is(to, 'x', 'a') || from.team === 'y'),
  ],
  [
    'ingress and egress of one pod by two policies, each for itself',
    [intoXa([podNamed('b')]), outOfXa([podNamed('c')])],
    (from, to) => (!is(to, 'x', 'a') || is(from, 'x', 'b')) && (!is(from, 'x', 'a') || is(to, 'x', 'c')),
  ],
]

/** Everything is closed by the first; what the second says opens all of it. */
const OPENING: readonly (readonly [string, Policy, Policy])[] = [
  ['ingress: a policy that allows all wins', policy('x', 'deny', DENY_IN), policy('x', 'allow', ALLOW_IN)],
  ['egress: a policy that allows all wins', policy('x', 'deny', DENY_OUT), policy('x', 'allow', ALLOW_OUT)],
  [
    'pods of all namespaces',
    policy('x', 'deny', DENY_IN),
    policy('x', 'allow', { podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] }),
  ],
]

/** The cases of Kubernetes' own network policy conformance that are about who, told again. */
export const conformance: Theme = {
  name: 'who may speak to whom',
  cases: [
    ...ROWS.map(([name, policies, verdict]) =>
      timed(name, (world) => underPolicies(world, policies, matrix(world, verdict))),
    ),
    ...OPENING.map(([name, deny, allow]) =>
      timed(name, async (world) => {
        const isEgress = deny.spec === DENY_OUT
        const closed = matrix(world, (from, to) => (isEgress ? from : to).team !== 'x')
        await underPolicies(world, [deny], closed)
        const opening = closed.filter(({ allowed }) => !allowed).map((way) => ({ ...way, allowed: true }))
        return changeWays(
          matrix(world, () => true),
          () => createPolicies(world, [allow]),
          opening,
        )
      }),
    ),
  ],
}
