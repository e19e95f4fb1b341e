import fc from 'fast-check'

const time = fc
  .integer({ min: 0, max: 86_400 })
  .map((seconds) => `${new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString().slice(0, 19)}Z`)

const name = fc.constantFrom('a', 'web-1', 'b.example', 'db')
const address = fc.constantFrom('10.0.0.1', '10.244.1.7', '203.0.113.9', 'fd44::1', '::1')

const end = fc.oneof(
  fc.record(
    {
      kind: fc.constant('pod'),
      address,
      namespace: name,
      name,
      workload: fc.constantFrom('Deployment/web', 'StatefulSet/db'),
    },
    { requiredKeys: ['kind', 'address', 'namespace', 'name'] },
  ),
  fc.record({ kind: fc.constant('node'), address, name }),
  fc.record({ kind: fc.constantFrom('outside', 'unresolved'), address }),
)

const byte = fc.integer({ min: 0, max: 255 })
const carries = fc.oneof(
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'), port: fc.integer({ min: 0, max: 65_535 }) }),
  fc.record({ protocol: fc.constant('ICMP'), icmp: fc.record({ type: byte, code: byte }) }),
  fc.record({ protocol: fc.constant('other'), number: byte }),
)

const flow = fc
  .tuple(
    carries,
    fc.record(
      {
        source: end,
        destination: end,
        service: fc.record({ namespace: name, name, port: fc.integer({ min: 1, max: 65_535 }) }),
        count: fc.nat(),
        verdict: fc.constantFrom('allowed', 'denied'),
        direction: fc.constantFrom('ingress', 'egress', 'unknown'),
        reason: fc.string(),
        firstSeen: time,
        lastSeen: time,
        lateAnswer: fc.constant(true),
        uncertain: fc.constant(true),
        unconfirmed: fc.constant(true),
      },
      { requiredKeys: ['source', 'destination', 'count', 'verdict', 'firstSeen', 'lastSeen'] },
    ),
  )
  .map((parts): object => Object.assign({}, ...parts) as object)

const node = fc.oneof(
  fc.record({
    name,
    answered: fc.constant(true),
    since: time,
    observes: fc.boolean(),
    lost: fc.record({ denied: fc.nat(), allowed: fc.nat() }, { requiredKeys: ['denied'] }),
    full: fc.subarray(['allowed', 'denied']),
  }),
  fc.record({ name, answered: fc.constant(false), problem: fc.constantFrom('no answer', 'permission denied') }),
)

const folded = fc.record({
  node: name,
  source: end,
  verdict: fc.constantFrom('allowed', 'denied'),
  flows: fc.nat(),
  ports: fc.nat(),
  addresses: fc.nat(),
  count: fc.nat(),
  firstSeen: time,
  lastSeen: time,
})

/** Files of flows as `selvedge flows -o json` writes them, as values (docs/flows.schema.json). */
export function flowLists(): fc.Arbitrary<object> {
  return fc.record({
    apiVersion: fc.constant('selvedge.io/v1alpha1'),
    kind: fc.constant('FlowList'),
    window: fc.tuple(time, time).map((times) => {
      const [from, to] = times.sort()
      return { from, to }
    }),
    nodes: fc.array(node, { maxLength: 3 }),
    flows: fc.array(flow, { maxLength: 5 }),
    folded: fc.array(folded, { maxLength: 2 }),
  })
}
