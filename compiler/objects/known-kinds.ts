import type { DecodeContext } from './decode-context.ts'
import { decodeNamespace } from './decode-namespace.ts'
import { decodePod } from './decode-pod.ts'
import { decodePolicy } from './decode-policy.ts'
import { decodeWorkload } from './decode-workload.ts'
import type { ClusterObject } from './objects.ts'
import type { Fields } from './read-fields.ts'
import type { WorkloadKind } from './workload-kind.ts'

/** A kind of object that means something to us, in the one version that the API server still serves it in. */
export interface KnownKind {
  readonly kind: string
  readonly apiVersion: string
  /** Undefined where no policy depends on it: Services lend names, Nodes addresses, and whoever wants those decodes them. */
  readonly decode: ((object: Fields, context: DecodeContext) => ClusterObject | undefined) | undefined
}

const KNOWN_KINDS: readonly KnownKind[] = [
  { kind: 'Pod', apiVersion: 'v1', decode: decodePod },
  { kind: 'Namespace', apiVersion: 'v1', decode: decodeNamespace },
  { kind: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1', decode: decodePolicy },
  workload('Deployment', 'apps/v1'),
  workload('StatefulSet', 'apps/v1'),
  workload('DaemonSet', 'apps/v1'),
  workload('ReplicaSet', 'apps/v1'),
  workload('ReplicationController', 'v1'),
  workload('Job', 'batch/v1'),
  workload('CronJob', 'batch/v1'),
  { kind: 'Service', apiVersion: 'v1', decode: undefined },
  { kind: 'Ingress', apiVersion: 'networking.k8s.io/v1', decode: undefined },
  { kind: 'HTTPRoute', apiVersion: 'gateway.networking.k8s.io/v1', decode: undefined },
  { kind: 'Node', apiVersion: 'v1', decode: undefined },
  { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1', decode: undefined },
  { kind: 'Endpoints', apiVersion: 'v1', decode: undefined },
]

const BY_KIND: ReadonlyMap<string, KnownKind> = new Map(KNOWN_KINDS.map((known) => [known.kind, known]))

/** Known kinds by name; another group may have a kind of the same name (crd.projectcalico.org NetworkPolicy). */
export function knownKind(kind: string): KnownKind | undefined {
  return BY_KIND.get(kind)
}

export function knownKindNames(): readonly string[] {
  return [...BY_KIND.keys()]
}

function workload(kind: WorkloadKind, apiVersion: string): KnownKind {
  return { kind, apiVersion, decode: (object, context) => decodeWorkload(kind, object, context) }
}
