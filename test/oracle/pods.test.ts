import { clusterOf, pod, policy } from './make-objects.ts'
import type { RawPod } from './raw-cluster.ts'
import { testVerdicts } from './verdict-table.ts'

const closed = policy('shop/closed', { podSelector: { matchLabels: { app: 'server' } } })
const onlyFriends = policy('shop/friends', {
  podSelector: { matchLabels: { app: 'server' } },
  ingress: [{ from: [{ podSelector: { matchLabels: { app: 'friend' } } }] }],
})
const server = pod('shop/server', '10.0.0.1', { labels: { app: 'server' } })

function friend(name: string, metadata: object, status: RawPod['status'] = {}) {
  return pod(`shop/${name}`, '10.0.0.2', { labels: { app: 'friend' }, metadata, status })
}

function stranger(name: string, metadata: object, status: RawPod['status'] = {}) {
  return pod(`shop/${name}`, '10.0.0.2', { labels: { app: 'stranger' }, metadata, status })
}

const older = { creationTimestamp: '2024-01-01T00:00:00Z' }
const newer = { creationTimestamp: '2024-01-02T00:00:00Z' }
const isFriend = { allows: ['10.0.0.2 > 10.0.0.1 TCP/80'] }
const isStranger = { denies: ['10.0.0.2 > 10.0.0.1 TCP/80'] }

function sharing(left: RawPod, right: RawPod) {
  return clusterOf(left, right, server, onlyFriends)
}

testVerdicts([
  {
    rule: 'a host-network pod is neither governed nor matched',
    cluster: clusterOf(
      server,
      pod('shop/agent', '10.0.0.2', { labels: { app: 'friend' }, spec: { hostNetwork: true } }),
      onlyFriends,
      policy('shop/all', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    ),
    allows: ['192.0.2.1 > 10.0.0.2 TCP/80', '10.0.0.2 > 192.0.2.1 TCP/80'],
    denies: ['10.0.0.2 > 10.0.0.1 TCP/80'],
  },
  {
    rule: 'a host-network pod is an outside address, which an ipBlock can admit',
    cluster: clusterOf(
      server,
      pod('shop/agent', '10.0.0.2', { spec: { hostNetwork: true } }),
      policy('shop/nodes', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.2/32' } }] }] }),
    ),
    ...isFriend,
  },
  ...['Succeeded', 'Failed'].map((phase) => ({
    rule: `a pod that has ${phase} owns no address`,
    cluster: clusterOf(server, friend('a', {}, { phase }), onlyFriends),
    ...isStranger,
  })),
  {
    rule: 'a finished pod is not isolated any more',
    cluster: clusterOf(pod('shop/x', '10.0.0.1', { labels: { app: 'server' }, status: { phase: 'Failed' } }), closed),
    allows: ['10.0.0.2 > 10.0.0.1 TCP/80'],
  },
  {
    rule: 'a terminating pod keeps membership',
    cluster: clusterOf(server, friend('a', { deletionTimestamp: '2024-01-01T00:00:00Z' }), onlyFriends),
    ...isFriend,
  },
  {
    rule: 'a terminating pod keeps isolation',
    cluster: clusterOf(
      pod('shop/x', '10.0.0.1', {
        labels: { app: 'server' },
        metadata: { deletionTimestamp: '2024-01-01T00:00:00Z' },
      }),
      closed,
    ),
    denies: ['10.0.0.2 > 10.0.0.1 TCP/80'],
  },
  {
    rule: 'one address: a live pod before a finished one, also when it is older and still Pending',
    cluster: sharing(friend('a', older, { phase: 'Pending' }), stranger('b', newer, { phase: 'Succeeded' })),
    ...isFriend,
  },
  {
    rule: 'one address: one that is not terminating before a newer one that is',
    cluster: sharing(friend('a', older), stranger('b', { ...newer, deletionTimestamp: '2024-01-03T00:00:00Z' })),
    ...isFriend,
  },
  {
    rule: 'one address: the newest, whatever the uid',
    cluster: sharing(stranger('a', { ...older, uid: '1' }), friend('b', { ...newer, uid: '2' })),
    ...isFriend,
  },
  {
    rule: 'one address: then the smaller uid, whatever the name',
    cluster: sharing(stranger('a', { ...older, uid: '2' }), friend('b', { ...older, uid: '1' })),
    ...isFriend,
  },
  {
    rule: 'one address: then the smaller namespace/name',
    cluster: sharing(stranger('b', older), friend('a', older)),
    ...isFriend,
  },
  {
    rule: 'one address: the loser neither is governed there nor a peer, but keeps its other address',
    cluster: clusterOf(
      pod('shop/new', '10.0.0.1', { metadata: newer }),
      pod('shop/old', '10.0.0.1 fd00::1', { labels: { app: 'server' }, metadata: older }),
      closed,
    ),
    allows: ['10.0.0.9 > 10.0.0.1 TCP/80'],
    denies: ['fd00::9 > fd00::1 TCP/80'],
  },
  {
    rule: 'a pod reaches itself whatever policies say, over any protocol',
    cluster: clusterOf(server, policy('shop/all', { policyTypes: ['Ingress', 'Egress'] })),
    allows: ['10.0.0.1 > 10.0.0.1 TCP/80', '10.0.0.1 > 10.0.0.1 ICMP'],
    denies: ['10.0.0.1 > 10.0.0.2 TCP/80', '10.0.0.2 > 10.0.0.1 TCP/80'],
  },
  {
    rule: 'both families of a pod are isolated; addresses come from podIPs, or podIP alone',
    cluster: clusterOf(
      pod('shop/dual', '10.0.0.1 fd00::1', { labels: { app: 'server' }, status: { podIP: '10.0.0.1' } }),
      pod('shop/single', '', { labels: { app: 'server' }, status: { podIP: '10.0.0.3' } }),
      closed,
    ),
    denies: ['10.0.0.9 > 10.0.0.1 TCP/80', 'fd00::9 > fd00::1 TCP/80', '10.0.0.9 > 10.0.0.3 TCP/80'],
  },
  {
    rule: 'a selected pod without address isolates nothing',
    cluster: clusterOf(pod('shop/new', '', { labels: { app: 'server' }, status: { phase: 'Pending' } }), closed),
    allows: ['10.0.0.9 > 10.0.0.1 TCP/80'],
  },
])
