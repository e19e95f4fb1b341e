import { clusterOf, namespace, pod, policy } from './make-objects.ts'
import type { RawPeer, RawRule } from './raw-cluster.ts'
import { testVerdicts } from './verdict-table.ts'

const server = pod('shop/server', '10.0.0.1', { labels: { app: 'server' } })
const near = pod('shop/near', '10.0.0.2', { labels: { app: 'client' } })
const far = pod('web/far', '10.0.0.3', { labels: { app: 'client' } })
const bare = pod('bare/bare', '10.0.0.4')
const everything = [server, near, far, bare, namespace('shop', { team: 'a' }), namespace('web', { team: 'b' })]

const fromNear = '10.0.0.2 > 10.0.0.1 TCP/80'
const fromFar = '10.0.0.3 > 10.0.0.1 TCP/80'
const fromBare = '10.0.0.4 > 10.0.0.1 TCP/80'
const fromOutside = '192.0.2.1 > 10.0.0.1 TCP/80'

function from(...peers: readonly (RawPeer | null)[]) {
  return withRules({ from: peers })
}

function withRules(...ingress: readonly (RawRule | null)[]) {
  const rules = policy('shop/peers', { podSelector: { matchLabels: { app: 'server' } }, ingress })
  return clusterOf(...everything, rules)
}

const clients = { matchLabels: { app: 'client' } }
const teamB = { matchLabels: { team: 'b' } }

testVerdicts([
  { rule: 'no peers: everyone', cluster: from(), allows: [fromNear, fromFar, fromBare, fromOutside] },
  { rule: 'an empty rule: everything', cluster: withRules({}), allows: [fromNear, fromOutside] },
  { rule: 'a null rule is as {}', cluster: withRules(null), allows: [fromNear, fromOutside] },
  {
    rule: 'null peers and ports are as missing',
    cluster: withRules({ from: null, ports: null }),
    allows: [fromOutside],
  },
  { rule: 'no rules: nobody', cluster: withRules(), denies: [fromNear, fromFar, fromBare, fromOutside] },
  {
    rule: 'a peer without any field selects nothing, null as well',
    cluster: from({}, null, { podSelector: null }),
    denies: [fromNear, fromFar, fromOutside],
  },
  {
    rule: 'podSelector {} alone: every pod of the own namespace, nobody outside',
    cluster: from({ podSelector: {} }),
    allows: [fromNear],
    denies: [fromFar, fromBare, fromOutside],
  },
  {
    rule: 'namespaceSelector {} alone: every pod of every namespace, declared or not, nobody outside',
    cluster: from({ namespaceSelector: {} }),
    allows: [fromNear, fromFar, fromBare],
    denies: [fromOutside],
  },
  {
    rule: 'both in one peer: both must hold',
    cluster: from({ namespaceSelector: teamB, podSelector: clients }),
    allows: [fromFar],
    denies: [fromNear, fromBare],
  },
  {
    rule: 'both in two peers: either',
    cluster: from({ namespaceSelector: teamB }, { podSelector: clients }),
    allows: [fromFar, fromNear],
    denies: [fromBare],
  },
  {
    rule: 'a null namespaceSelector is as missing',
    cluster: from({ namespaceSelector: null, podSelector: clients }),
    allows: [fromNear],
    denies: [fromFar],
  },
  {
    rule: 'NotIn and DoesNotExist match what has no such label',
    cluster: from({
      namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a', 'b'] }] },
      podSelector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] },
    }),
    allows: [fromBare],
    denies: [fromNear, fromFar],
  },
  {
    rule: 'a subject and a peer of one selector still filter',
    cluster: from({ podSelector: { matchLabels: { app: 'server' } } }),
    denies: [fromNear, fromFar],
  },
  {
    rule: 'a namespace that no object declares has its own name as label',
    cluster: from({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'bare' } } }),
    allows: [fromBare],
    denies: [fromNear, fromFar],
  },
  {
    rule: 'so has a declared one, whatever it says itself',
    cluster: clusterOf(
      ...everything.slice(0, 4),
      namespace('web', { 'kubernetes.io/metadata.name': 'other' }),
      policy('shop/peers', {
        podSelector: {},
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'web' } } }] }],
      }),
    ),
    allows: [fromFar],
    denies: [fromNear],
  },
  {
    rule: 'rules and policies are a union',
    cluster: clusterOf(
      ...everything,
      policy('shop/one', { podSelector: {}, ingress: [{ from: [{ podSelector: clients }], ports: [{ port: 1 }] }] }),
      policy('shop/two', { podSelector: {}, ingress: [{ from: [{ namespaceSelector: teamB }] }] }),
    ),
    allows: ['10.0.0.2 > 10.0.0.1 TCP/1', fromFar],
    denies: [fromNear, fromBare],
  },
  {
    rule: "a policy selects pods of its own namespace only, another namespace's pods stay open",
    cluster: clusterOf(...everything, policy('web/closed', { podSelector: {} })),
    allows: [fromNear, fromOutside],
    denies: ['10.0.0.1 > 10.0.0.3 TCP/80'],
  },
])
