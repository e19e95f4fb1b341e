import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { graphJson } from '../../compiler/graph/graph-json.ts'
import { contentName } from '../../compiler/nftables/names.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import { type Schema, schemaProblems } from '../support/json-schema.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { printed } from './run-selvedge.ts'

const schema = JSON.parse(readFileSync(join(PROJECT_ROOT, 'docs', 'allow-graph.schema.json'), 'utf8')) as Schema
const EXAMPLES = ['shop', 'two-nodes', 'dual-stack', 'named-ports', 'end-port', 'sctp']

interface GraphValue {
  readonly pods: readonly Readonly<Record<string, unknown>>[]
  readonly classes: readonly { readonly name: string; readonly grants: readonly Readonly<Record<string, unknown>>[] }[]
}

/** Every class is named once, by the direction of the pods that name it. */
function expectWhole({ pods, classes }: GraphValue): void {
  const names = classes.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)].sort())
  const used = pods.flatMap(({ ingress, egress }) => [ingress, egress]).filter((name) => name !== 'open')
  expect(new Set(used)).toEqual(new Set(names))
}

test('what -o json prints for the examples keeps to docs/allow-graph.schema.json', async () => {
  const folders = EXAMPLES.map((name) => join(PROJECT_ROOT, 'examples', name))
  const value = JSON.parse(await printed(['compile', '-o', 'json', '-f', ...folders])) as GraphValue
  expect(schemaProblems(schema, value)).toEqual([])
  expectWhole(value)
  expect(value.pods.length).toBeGreaterThan(10)
})

test('so does the graph of any cluster', () => {
  fc.assert(
    fc.property(clusters(), (cluster) => {
      const pods = engineOf(cluster).graph().pods.values()
      const value: unknown = JSON.parse(JSON.stringify(graphJson(pods, (way, { key }) => contentName(way, key))))
      expect(schemaProblems(schema, value)).toEqual([])
      expectWhole(value as GraphValue)
    }),
    lawParameters(100),
  )
})

const GROUP = { namespace: 'shop', podSelector: {} }
const SOME = { groups: [GROUP], blocks: ['10.0.0.0/8'] }
const withGrant = (grant: unknown) => ({
  pods: [],
  classes: [{ name: `egress-${'a'.repeat(20)}`, direction: 'egress', grants: [grant] }],
})
const withPod = (pod: object) => ({
  pods: [{ namespace: 'a', name: 'b', addresses: ['10.0.0.1'], ingress: 'open', egress: 'open', ...pod }],
  classes: [],
})

test.each<[string, unknown]>([
  ['every port', withGrant({ ports: 'any', peers: 'anyone' })],
  ['a protocol', withGrant({ ports: { protocol: 'SCTP' }, peers: SOME })],
  ['an interval', withGrant({ ports: { protocol: 'UDP', from: 1, to: 65535 }, peers: SOME })],
  ['a name', withGrant({ ports: { protocol: 'TCP', name: 'http' }, peers: SOME })],
  ['a host-network pod', withPod({ hostNetwork: true, addresses: [], node: 'node-1' })],
])('the schema takes %s', (_, value) => {
  expect(schemaProblems(schema, value)).toEqual([])
})

test.each<[string, unknown]>([
  ['nothing', {}],
  ['a field more', { pods: [], classes: [], version: 1 }],
  ['a pod without a direction', withPod({ egress: undefined })],
  ['a pod that is not on the host network', withPod({ hostNetwork: false })],
  ['a class by another name', withPod({ ingress: 'c4-x' })],
  ['an address twice', withPod({ addresses: ['10.0.0.1', '10.0.0.1'] })],
  ['port 0', withGrant({ ports: { protocol: 'TCP', from: 0, to: 1 }, peers: 'anyone' })],
  ['half an interval', withGrant({ ports: { protocol: 'TCP', from: 1 }, peers: 'anyone' })],
  ['ICMP as a protocol', withGrant({ ports: { protocol: 'ICMP' }, peers: 'anyone' })],
  ['a grant without peers', withGrant({ ports: 'any' })],
  ['peers without blocks', withGrant({ ports: 'any', peers: { groups: [] } })],
  ['a block that is none', withGrant({ ports: 'any', peers: { ...SOME, blocks: ['everywhere'] } })],
  [
    'a group with both scopes',
    withGrant({ ports: 'any', peers: { ...SOME, groups: [{ ...GROUP, namespaceSelector: {} }] } }),
  ],
  [
    'an operator that is none',
    withGrant({
      ports: 'any',
      peers: { ...SOME, groups: [{ ...GROUP, podSelector: { matchExpressions: [{ key: 'a', operator: 'Gt' }] } }] },
    }),
  ],
])('the schema refuses %s', (_, value) => {
  expect(schemaProblems(schema, JSON.parse(JSON.stringify(value)))).not.toEqual([])
})
