import { clusterOf, pod, policy } from './make-objects.ts'
import type { RawPort } from './raw-cluster.ts'
import { testVerdicts } from './verdict-table.ts'

const client = pod('web/client', '10.0.0.1', { ports: [{ name: 'http', containerPort: 7000 }] })
const http = { name: 'http', containerPort: 80 }

function ingress(...ports: readonly (RawPort | null)[]) {
  return policy('web/ports', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports }] })
}

function egress(...ports: readonly (RawPort | null)[]) {
  return policy('web/ports', { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports }] })
}

const serverA = pod('web/a', '10.0.0.2', { ports: [http, { name: 'metrics', containerPort: 9090 }] })
const serverB = pod('web/b', '10.0.0.3', { ports: [{ name: 'http', containerPort: 8080 }] })

testVerdicts([
  {
    rule: 'no ports: every port and protocol, ICMP too',
    cluster: clusterOf(client, serverA, ingress()),
    allows: ['10.0.0.1 > 10.0.0.2 TCP/1', '10.0.0.1 > 10.0.0.2 ICMP', '10.0.0.1 > 10.0.0.2 other'],
  },
  {
    rule: 'a missing protocol is TCP',
    cluster: clusterOf(client, serverA, ingress({ port: 53 })),
    allows: ['10.0.0.1 > 10.0.0.2 TCP/53'],
    denies: ['10.0.0.1 > 10.0.0.2 UDP/53', '10.0.0.1 > 10.0.0.2 TCP/54'],
  },
  {
    rule: 'a protocol without port is all ports of that protocol only',
    cluster: clusterOf(client, serverA, ingress({ protocol: 'UDP' })),
    allows: ['10.0.0.1 > 10.0.0.2 UDP/1', '10.0.0.1 > 10.0.0.2 UDP/65535'],
    denies: ['10.0.0.1 > 10.0.0.2 TCP/1', '10.0.0.1 > 10.0.0.2 SCTP/1', '10.0.0.1 > 10.0.0.2 ICMP'],
  },
  {
    rule: 'port 80 beside TCP without port is all TCP',
    cluster: clusterOf(client, serverA, ingress({ port: 80 }, { protocol: 'TCP' })),
    allows: ['10.0.0.1 > 10.0.0.2 TCP/81'],
    denies: ['10.0.0.1 > 10.0.0.2 UDP/80'],
  },
  {
    rule: 'a null port item is as {}: all TCP',
    cluster: clusterOf(client, serverA, ingress(null)),
    allows: ['10.0.0.1 > 10.0.0.2 TCP/81'],
    denies: ['10.0.0.1 > 10.0.0.2 UDP/81', '10.0.0.1 > 10.0.0.2 ICMP'],
  },
  {
    rule: 'endPort is the last of a range, ranges may overlap',
    cluster: clusterOf(client, serverA, ingress({ port: 80, endPort: 90 }, { port: 85, endPort: 95 })),
    allows: ['80', '85', '90', '91', '95'].map((port) => `10.0.0.1 > 10.0.0.2 TCP/${port}`),
    denies: ['79', '96'].map((port) => `10.0.0.1 > 10.0.0.2 TCP/${port}`),
  },
  {
    rule: 'endPort may equal port, and a range may be 1 to 65535',
    cluster: clusterOf(
      client,
      serverA,
      ingress({ port: 9, endPort: 9 }, { protocol: 'SCTP', port: 1, endPort: 65535 }),
    ),
    allows: ['10.0.0.1 > 10.0.0.2 TCP/9', '10.0.0.1 > 10.0.0.2 SCTP/1', '10.0.0.1 > 10.0.0.2 SCTP/65535'],
    denies: ['10.0.0.1 > 10.0.0.2 TCP/10', '10.0.0.1 > 10.0.0.2 TCP/8'],
  },
  {
    rule: 'SCTP and TCP on one number are independent',
    cluster: clusterOf(client, serverA, ingress({ protocol: 'SCTP', port: 80 })),
    allows: ['10.0.0.1 > 10.0.0.2 SCTP/80'],
    denies: ['10.0.0.1 > 10.0.0.2 TCP/80'],
  },
  {
    rule: 'all ports of all three protocols still do not open ICMP or other protocols',
    cluster: clusterOf(client, serverA, ingress({ protocol: 'TCP' }, { protocol: 'UDP' }, { protocol: 'SCTP' })),
    allows: ['10.0.0.1 > 10.0.0.2 SCTP/80'],
    denies: ['10.0.0.1 > 10.0.0.2 ICMP', '10.0.0.1 > 10.0.0.2 other'],
  },
  {
    rule: 'a name that does not resolve allows nothing, nor does one of another protocol',
    cluster: clusterOf(client, serverA, ingress({ port: 'nowhere' }, { protocol: 'UDP', port: 'http' })),
    denies: ['10.0.0.1 > 10.0.0.2 TCP/80', '10.0.0.1 > 10.0.0.2 UDP/80', '10.0.0.1 > 10.0.0.2 TCP/1'],
  },
  {
    rule: 'ingress: a name is the number of each selected pod, never of the source',
    cluster: clusterOf(client, serverA, serverB, ingress({ port: 'http' })),
    allows: ['10.0.0.1 > 10.0.0.2 TCP/80', '10.0.0.1 > 10.0.0.3 TCP/8080'],
    denies: ['10.0.0.1 > 10.0.0.2 TCP/8080', '10.0.0.1 > 10.0.0.3 TCP/80', '10.0.0.1 > 10.0.0.2 TCP/7000'],
  },
  {
    rule: 'a name that one pod owns opens no number on another that does not',
    cluster: clusterOf(client, serverA, serverB, ingress({ port: 'metrics' })),
    allows: ['10.0.0.1 > 10.0.0.2 TCP/9090'],
    denies: ['10.0.0.1 > 10.0.0.3 TCP/9090', '10.0.0.1 > 10.0.0.2 TCP/80'],
  },
  {
    rule: 'egress: a name is the number of each destination pod; with no `to`, of every pod that owns it',
    cluster: clusterOf(client, serverA, serverB, egress({ port: 'http' })),
    allows: ['10.0.0.1 > 10.0.0.2 TCP/80', '10.0.0.1 > 10.0.0.3 TCP/8080'],
    denies: ['10.0.0.1 > 10.0.0.3 TCP/80', '10.0.0.1 > 10.0.0.2 TCP/7000', '10.0.0.1 > 192.0.2.1 TCP/80'],
  },
  {
    rule: 'egress: a name with an ipBlock opens only the pods inside the block',
    cluster: clusterOf(
      client,
      serverA,
      serverB,
      policy('web/ports', {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          {
            to: [{ ipBlock: { cidr: '10.0.0.2/32' } }, { ipBlock: { cidr: '192.0.2.0/24' } }],
            ports: [{ port: 'http' }],
          },
        ],
      }),
    ),
    allows: ['10.0.0.1 > 10.0.0.2 TCP/80'],
    denies: ['10.0.0.1 > 10.0.0.3 TCP/8080', '10.0.0.1 > 192.0.2.1 TCP/80'],
  },
  {
    rule: 'ingress: a name with an ipBlock still resolves on the destination',
    cluster: clusterOf(
      client,
      serverA,
      policy('web/ports', {
        podSelector: {},
        ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 'http' }] }],
      }),
    ),
    allows: ['192.0.2.1 > 10.0.0.2 TCP/80'],
    denies: ['192.0.2.1 > 10.0.0.2 TCP/7000', '10.0.0.1 > 10.0.0.2 TCP/80'],
  },
  {
    rule: 'sidecars own names, plain init containers do not, containers come first',
    cluster: clusterOf(
      client,
      pod('web/a', '10.0.0.2', {
        spec: {
          initContainers: [
            { name: 'setup', ports: [{ name: 'early', containerPort: 1000 }] },
            {
              name: 'proxy',
              restartPolicy: 'Always',
              ports: [
                { name: 'http', containerPort: 15001 },
                { name: 'proxy', containerPort: 15002 },
              ],
            },
          ],
          containers: [
            { name: 'main', ports: [{ name: 'http', containerPort: 53, protocol: 'UDP' }, http] },
            { name: 'second', ports: [{ name: 'http', containerPort: 8888 }] },
          ],
        },
      }),
      ingress({ port: 'http' }, { port: 'proxy' }, { port: 'early' }),
    ),
    allows: ['10.0.0.1 > 10.0.0.2 TCP/80', '10.0.0.1 > 10.0.0.2 TCP/15002'],
    denies: ['1000', '15001', '8888', '53'].map((port) => `10.0.0.1 > 10.0.0.2 TCP/${port}`),
  },
])
