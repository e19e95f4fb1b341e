import { expect, test } from 'vitest'
import { createAgentRecord, recordTurn } from '../../src/agent/agent-record.ts'
import { makeSnapshot } from '../../src/agent/make-snapshot.ts'
import { makeStatus } from '../../src/agent/make-status.ts'
import type { Change } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import { decodeRaw } from '../laws/decode-cluster.ts'

const LOCAL_PODS = 20
const source = { synced: true, streams: [] }
const pending = { events: 0, oldestMilliseconds: 0 }
const facts = { source, appliedVersions: {}, generation: 1, pending }

/** An engine with 20 pods of this node, more of others, and policies that all select the 20; and who was looked at. */
function watchedEngine({ others, policies }: { readonly others: number; readonly policies: number }) {
  const looks = { pods: 0, policies: 0 }
  const watched = (raw: unknown): Change => {
    const object = decodeRaw(raw)
    if (object === undefined) throw new Error('the objects of this test can be read')
    const kind = object.kind === 'Pod' ? 'pods' : 'policies'
    const get = (target: ClusterObject, name: string): unknown => {
      looks[kind] += 1
      return Reflect.get(target, name)
    }
    return { type: 'put', object: new Proxy(object, { get }) }
  }
  const pod = (index: number, here: boolean) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${index}`, namespace: here ? 'here' : 'there', labels: { app: `app-${index % 7}` } },
    spec: { nodeName: here ? 'node-1' : 'node-2', containers: [] },
    status: { phase: 'Running', podIPs: [{ ip: `10.64.${index >> 8}.${index & 255}` }] },
  })
  const policy = (index: number) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `policy-${index}`, namespace: 'here' },
    spec: { podSelector: {}, ingress: [{ from: [{ namespaceSelector: {}, podSelector: {} }] }] },
  })
  const engine = createEngine({ isLocal: ({ node }) => node === 'node-1', ruleset: DEFAULT_OPTIONS })
  engine.apply([
    ...Array.from({ length: LOCAL_PODS + others }, (_, index) => watched(pod(index, index < LOCAL_PODS))),
    ...Array.from({ length: policies }, (_, index) => watched(policy(index))),
  ])
  looks.pods = 0
  looks.policies = 0
  return { engine, looks }
}

test('a scrape looks at no pod and at no policy', () => {
  const { engine, looks } = watchedEngine({ others: 500, policies: 30 })
  const snapshot = makeSnapshot(createAgentRecord(), engine, {
    ...facts,
    deniedPackets: undefined,
    deniedByNamespace: [],
    wouldDenyByNamespace: [],
    notedFlows: [],
    heldPackets: undefined,
    logLinesLost: 0,
    bridgeLocal: 'drop',
  })
  expect(snapshot).toMatchObject({
    isolatedPods: { ingress: LOCAL_PODS, egress: 0 },
    policies: { enforced: 30, closed: 0 },
  })
  expect(snapshot.counts.elements).toBeGreaterThan(500)
  expect(looks).toEqual({ pods: 0, policies: 0 })
})

test('status looks at the pods of this node and at the policies a few times each, however many others there are', () => {
  const record = createAgentRecord()
  recordTurn(record, true, true)
  const ofAgent = { version: '0', node: 'node-1', options: {}, isLate: () => false, bridgeLocal: 'drop' } as const
  const looksOf = (world: Parameters<typeof watchedEngine>[0]) => {
    const { engine, looks } = watchedEngine(world)
    const { enforced } = makeStatus(record, engine, { ...facts, ...ofAgent })
    expect(enforced?.pods.length).toBe(LOCAL_PODS)
    expect(enforced?.policies.length).toBe(world.policies)
    for (const { policies } of enforced?.pods ?? []) expect(policies.length).toBe(world.policies)
    for (const { selects } of enforced?.policies ?? []) expect(selects.length).toBe(LOCAL_PODS)
    return looks
  }
  const small = looksOf({ others: 10, policies: 30 })
  expect(looksOf({ others: 1_000, policies: 30 })).toEqual(small)
  const many = looksOf({ others: 10, policies: 300 })
  expect(many.pods).toBe(small.pods)
  expect(many.policies).toBe(small.policies * 10)
})
