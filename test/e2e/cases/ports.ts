import { type Theme, timed } from '../case.ts'
import type { Json } from '../kubectl.ts'
import { inTeam, type Policy, policy, subject, underPolicies } from '../policies.ts'
import { type Way, waysTo } from '../ways.ts'
import type { World } from '../world.ts'

/** From, to, and which of tcp 8080, tcp 8081, udp 8080, udp 8081 are open. */
type Ports = readonly [from: string, to: string, open: readonly string[]]
type Row = readonly [name: string, policies: readonly Policy[], expected: readonly Ports[]]

const PORTS = ['tcp 8080', 'tcp 8081', 'udp 8080', 'udp 8081'] as const
const ALL: readonly string[] = PORTS
const TCP = ['tcp 8080', 'tcp 8081']
const UDP = ['udp 8080', 'udp 8081']

const into = (ports: readonly Json[], pods: Json = subject('a')): Policy =>
  policy('x', 'ports', { podSelector: pods, ingress: [{ ports }] })

const ROWS: readonly Row[] = [
  [
    'one port',
    [into([{ port: 8080 }])],
    [
      ['x/b', 'x/a', ['tcp 8080']],
      ['y/a', 'x/a', ['tcp 8080']],
    ],
  ],
  [
    'two ports of two protocols',
    [into([{ port: 8081 }, { protocol: 'UDP', port: 8080 }])],
    [['y/b', 'x/a', ['tcp 8081', 'udp 8080']]],
  ],
  ['UDP alone does not open TCP', [into([{ protocol: 'UDP', port: 8080 }])], [['y/a', 'x/a', ['udp 8080']]]],
  ['a protocol without a port', [into([{ protocol: 'UDP' }])], [['y/a', 'x/a', UDP]]],
  ['SCTP is not TCP', [into([{ protocol: 'SCTP', port: 8080 }])], [['y/a', 'x/a', []]]],
  ['endPort', [into([{ port: 8000, endPort: 8080 }])], [['y/a', 'x/a', ['tcp 8080']]]],
  ['endPort that begins later', [into([{ port: 8081, endPort: 9000 }])], [['y/a', 'x/a', ['tcp 8081']]]],
  [
    'port names are each pod’s own',
    [into([{ port: 'web' }], {})],
    [
      ['y/a', 'x/a', ['tcp 8080']],
      ['y/a', 'x/b', ['tcp 8080']],
      ['y/a', 'x/c', ['tcp 8081']],
    ],
  ],
  ['a port name with another protocol opens nothing', [into([{ protocol: 'UDP', port: 'web' }])], [['y/a', 'x/a', []]]],
  ['a UDP port name', [into([{ protocol: 'UDP', port: 'ask' }])], [['y/a', 'x/a', ['udp 8080']]]],
  [
    'a port name, from a namespace',
    [
      policy('x', 'ports', {
        podSelector: subject('a'),
        ingress: [{ from: [inTeam('y')], ports: [{ port: 'admin' }] }],
      }),
    ],
    [
      ['y/a', 'x/a', ['tcp 8081']],
      ['z/a', 'x/a', []],
    ],
  ],
  [
    'egress by port name: the destination’s number',
    [
      policy('x', 'ports', {
        podSelector: subject('a'),
        policyTypes: ['Egress'],
        egress: [{ to: [inTeam('y')], ports: [{ port: 'web' }] }],
      }),
    ],
    [
      ['x/a', 'y/a', ['tcp 8080']],
      ['x/a', 'y/c', ['tcp 8081']],
      ['x/a', 'z/a', []],
      ['x/b', 'z/a', ALL],
    ],
  ],
  [
    'two rules: each port for its own peers',
    [
      policy('x', 'ports', {
        podSelector: subject('a'),
        ingress: [
          { from: [inTeam('y')], ports: [{ port: 8080 }] },
          { from: [inTeam('z')], ports: [{ protocol: 'TCP' }] },
        ],
      }),
    ],
    [
      ['y/c', 'x/a', ['tcp 8080']],
      ['z/c', 'x/a', TCP],
      ['x/b', 'x/a', []],
    ],
  ],
]

function waysOf(world: World, [from, to, open]: Ports): readonly Way[] {
  return PORTS.flatMap((word) => {
    const [protocol, port] = word.split(' ') as ['tcp' | 'udp', string]
    return waysTo(world, world.place(from), world.place(to), Number(port), open.includes(word), protocol)
  })
}

export const ports: Theme = {
  name: 'ports',
  cases: ROWS.map(([name, policies, expected]) =>
    timed(name, (world) =>
      underPolicies(
        world,
        policies,
        expected.flatMap((each) => waysOf(world, each)),
      ),
    ),
  ),
}
