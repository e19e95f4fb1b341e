import type { Change } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import type { ClusterObject, Pod } from '../../compiler/objects/objects.ts'
import { decodeRaw } from '../laws/decode-cluster.ts'

export interface MadePod {
  readonly name: string
  readonly address: string
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly ports?: readonly object[]
}

/** A running pod of one container. */
export function madePod({ name, address, namespace = 'shop', labels = {}, ports = [] }: MadePod): Pod {
  const object = decoded({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { nodeName: 'node-1', containers: [{ name: 'main', ports }] },
    status: { phase: 'Running', podIPs: [{ ip: address }] },
  })
  if (object.kind !== 'Pod') throw new Error('a pod was decoded as something else')
  return object
}

/** A policy of namespace shop. */
export function madePolicy(name: string, spec: object): ClusterObject {
  return decoded({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'shop', name },
    spec,
  })
}

/** An engine that holds them, all pods local. */
export function engineWith(objects: readonly ClusterObject[]): Engine {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  engine.apply(objects.map((object): Change => ({ type: 'put', object })))
  return engine
}

function decoded(raw: object): ClusterObject {
  const object = decodeRaw(raw)
  if (object === undefined) throw new Error('a test made an object that cannot be decoded')
  return object
}
