import type { Address } from '../addresses/address.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Ingress } from './ingress.ts'
import type { Service } from './service.ts'

/** What a person's word for one end of a connection means in this cluster. */
export type FoundEnd =
  /** One pod, or the pods of one workload; `name` as people read it, `exact`: that very pod was named. */
  | {
      readonly kind: 'pods'
      readonly name: string
      readonly pods: readonly GraphPod[]
      readonly exact: boolean
      /** As of a Service, where the pod was asked for by such a name. */
      readonly dnsName?: string
    }
  /** An address that no pod owns. */
  | { readonly kind: 'address'; readonly name: string; readonly address: Address }
  /** Pods on the networks of their nodes: policy sees the nodes' addresses. */
  | { readonly kind: 'hosts'; readonly name: string; readonly pods: readonly GraphPod[] }
  /** `dnsName`: the name that has to be looked up first; undefined when it was asked for by its address. */
  | { readonly kind: 'service'; readonly name: string; readonly service: Service; readonly dnsName: string | undefined }
  | { readonly kind: 'ingress'; readonly name: string; readonly ingress: Ingress }
  | { readonly kind: 'nothing'; readonly problem: string; readonly hint: string }

/** There is no such end; the hint says what there is. */
export function nothing(problem: string, hint: string): FoundEnd {
  return { kind: 'nothing', problem, hint }
}
