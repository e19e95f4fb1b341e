import { createEngine } from '../engine/create-engine.ts'
import type { Engine } from '../engine/engine.ts'
import type { Selection } from '../engine/local-view.ts'
import type { EngineProblem } from '../engine/problems.ts'
import type { AllowGraph } from '../graph/allow-graph.ts'
import { DEFAULT_OPTIONS, type RulesetOptions } from '../nftables/options.ts'
import type { ClusterObject, Namespace } from '../objects/objects.ts'
import type { OtherObject } from '../objects/read-objects.ts'
import { decodeHttpRoute, type HttpRoute } from './http-route.ts'
import { decodeIngress, type Ingress } from './ingress.ts'
import { decodeService } from './decode-service.ts'
import { type Endpoint, readEndpoints } from './endpoints.ts'
import { type Node, readNodes } from './node.ts'
import type { Service } from './service.ts'

/** All that the reading commands look at: the allow-graph of every pod at once, and the names that lead to pods. */
export interface Cluster {
  /** As if every pod were of one node, so that both ends of each connection are judged. */
  readonly graph: AllowGraph
  /** Every policy that is enforced, with the pods that it selects. */
  readonly selections: readonly Selection[]
  /** Those that are only audited: nothing else of the cluster knows of them (`if-enforced.ts`). */
  readonly audited: readonly Selection[]
  /** What could not be compiled, and is closed. */
  readonly closed: readonly EngineProblem[]
  /** Those that a document or the API declares; a pod may live in one that nobody declares. */
  readonly namespaces: ReadonlyMap<string, Namespace>
  /** By `namespace/name`, in this order. */
  readonly services: ReadonlyMap<string, Service>
  readonly ingresses: readonly Ingress[]
  readonly routes: readonly HttpRoute[]
  /** What EndpointSlices and Endpoints put behind Services, by the Service's `namespace/name`. */
  readonly endpoints: ReadonlyMap<string, readonly Endpoint[]>
  /** Every node that a Node object or a pod names, by name. */
  readonly nodes: ReadonlyMap<string, Node>
  /** For who shows the ruleset as well. */
  readonly engine: Engine
  /** What it was made of. */
  readonly objects: readonly ClusterObject[]
  readonly others: readonly OtherObject[]
}

/** Puts an input together for questions. `others`: Services, Ingresses, Nodes and endpoints. */
export function createCluster(
  objects: readonly ClusterObject[],
  others: readonly OtherObject[],
  ruleset: RulesetOptions = DEFAULT_OPTIONS,
): Cluster {
  const engine = createEngine({ isLocal: () => true, ruleset })
  engine.apply(objects.map((object) => ({ type: 'put', object })))
  const services = others
    .filter(({ kind }) => kind === 'Service')
    .map((other) => [`${other.namespace}/${other.name}`, decodeService(other)] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1))
  const namespaces = objects.filter((object) => object.kind === 'Namespace')
  return {
    graph: engine.graph(),
    selections: engine.selections(),
    audited: engine.local.audited(),
    closed: engine.problems(),
    namespaces: new Map(namespaces.map((namespace) => [namespace.name, namespace])),
    services: new Map(services),
    ingresses: others.filter(({ kind }) => kind === 'Ingress').map(decodeIngress),
    routes: others.filter(({ kind }) => kind === 'HTTPRoute').map(decodeHttpRoute),
    endpoints: readEndpoints(others),
    nodes: readNodes(objects, others),
    engine,
    objects,
    others,
  }
}
