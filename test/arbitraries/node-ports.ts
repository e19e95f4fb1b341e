import fc from 'fast-check'
import { namespaceOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawNode, RawService } from '../oracle/raw-cluster.ts'
import { clusters } from './clusters.ts'
import { outsideAddresses, podAddresses } from './interesting-addresses.ts'
import { interestingServices } from './interesting-services.ts'
import { RAW_NODES } from './nodes.ts'

export interface NodePortQuestion {
  readonly cluster: RawCluster
  readonly service: RawService
  readonly node: RawNode
  readonly sources: readonly string[]
}

const NODE_PORT = 30_080

/** A cluster, a Service with a node port before some of its pods, a node, and clients: pods, other nodes, strangers. */
export const nodePortQuestions: fc.Arbitrary<NodePortQuestion> = clusters().chain((raw) => {
  const cluster = { ...raw, nodes: RAW_NODES }
  const ports = interestingServices(raw).flatMap(({ protocol, port }) =>
    protocol === 'ICMP' || protocol === 'other' || port === undefined ? [] : [{ protocol, targetPort: port }],
  )
  // Where rules grant ports to somebody, the number that was dialled is another.
  const granted = raw.policies
    .flatMap((policy) => policy.spec?.ingress ?? [])
    .flatMap((rule) => rule?.ports ?? [])
    .flatMap((one) =>
      typeof one?.port === 'number' ? [{ protocol: protocolOf(one.protocol), targetPort: one.port }] : [],
    )
  return fc
    .record({
      model: fc.constantFrom(...raw.pods),
      port: fc.oneof(...[granted, ports].filter((some) => some.length > 0).map((some) => fc.constantFrom(...some))),
      narrow: fc.boolean(),
      externalTrafficPolicy: fc.constantFrom('Cluster', 'Local'),
      node: fc.constantFrom(...RAW_NODES),
    })
    .map(({ model, port, narrow, externalTrafficPolicy, node }): NodePortQuestion => {
      const labels = Object.entries(model.metadata.labels ?? {})
      // An empty selector is none, and then nobody is behind the Service.
      const selector = Object.fromEntries(narrow ? labels : labels.slice(0, 1))
      const service: RawService = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'door', namespace: namespaceOf(model) },
        spec: {
          type: 'NodePort',
          externalTrafficPolicy,
          selector,
          ports: [{ ...port, port: 80, nodePort: NODE_PORT }],
        },
      }
      return { cluster, service, node, sources: [...podAddresses(cluster), ...outsideAddresses(cluster)].slice(0, 24) }
    })
})

function protocolOf(written: string | null | undefined): 'TCP' | 'UDP' | 'SCTP' {
  return written === 'UDP' || written === 'SCTP' ? written : 'TCP'
}
