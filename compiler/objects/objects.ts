import type { Block } from '../addresses/block.ts'
import type { LabelSet } from './label-set.ts'
import type { Place } from './place.ts'
import type { PolicyMode } from './policy-mode.ts'
import type { Protocol } from './protocol.ts'
import type { Selector } from './selector.ts'

/** A pod, trimmed to what policy can depend on. */
export interface Pod {
  readonly kind: 'Pod'
  readonly namespace: string
  readonly name: string
  /** metadata.uid, or empty in files. */
  readonly uid: string
  readonly labels: LabelSet
  /** spec.nodeName; undefined while unscheduled, and for the pod that stands for a workload. */
  readonly node: string | undefined
  /** status.podIPs (else podIP) in canonical text, at most one a family is usual, not guaranteed. */
  readonly addresses: readonly string[]
  readonly hostNetwork: boolean
  /** status.phase is Succeeded or Failed: it owns no address. */
  readonly finished: boolean
  /** metadata.deletionTimestamp is set: it keeps everything until it is gone. */
  readonly terminating: boolean
  /** metadata.creationTimestamp as written (RFC 3339, so text order is time order), or empty. */
  readonly createdAt: string
  /** Named container ports that policies can refer to: containers, then sidecars; of one name and protocol the first wins. */
  readonly ports: readonly NamedPort[]
  /** Container ports that it declares without a name; only where people's commands read it (decode-pod-host.ts), never in the agent. */
  readonly namelessPorts?: readonly Omit<NamedPort, 'name'>[] | undefined
  /** The workload it stands for or belongs to, for people to read. */
  readonly workload?: Workload | undefined
  /**
   * Of the mirror of a static pod, the uid by which the node's runtime knows it: the annotation `kubernetes.io/config.mirror`,
   * where the controlling owner is a Node, as the kubelet writes it.
   */
  readonly staticUid?: string | undefined
  /** It is no pod of the cluster but stands for its workload's pods (a Deployment in a file). */
  readonly standIn?: true | undefined
  /**
   * Of a stand-in: keys of labels that its pods will have, with values that no manifest says (a template's hash). Whether a
   * selector on one of them matches cannot be told from files.
   */
  readonly unknownLabels?: readonly string[] | undefined
  /** Of a StatefulSet's stand-in: `name.service.namespace.svc`, under which the cluster's DNS knows the pod. */
  readonly dnsName?: string | undefined
  /** What it says of its node; only where people's commands read it (decode-pod-host.ts), never in the agent. */
  readonly host?: PodHost | undefined
  /** Of a stand-in: spec.selector.matchLabels of its workload, read likewise. */
  readonly selector?: ReadonlyMap<string, string> | undefined
  readonly place?: Place | undefined
}

export interface NamedPort {
  readonly name: string
  readonly protocol: Protocol
  readonly number: number
}

export interface PodHost {
  /** status.hostIPs in canonical text: addresses of the node. */
  readonly addresses: readonly string[]
  readonly ports: readonly HostPort[]
}

/** A port of the node that leads to a port of the pod; on one address of the node, or (undefined) on each. */
export interface HostPort {
  readonly protocol: Protocol
  readonly hostPort: number
  readonly number: number
  readonly address: string | undefined
}

export interface Workload {
  readonly kind: string
  readonly name: string
}

export interface Namespace {
  readonly kind: 'Namespace'
  readonly name: string
  /** Always with `kubernetes.io/metadata.name`, as the API server sees to. */
  readonly labels: LabelSet
  /** What its annotation says of its policies; whether that counts is nobody's here to say (policy-mode.ts). */
  readonly mode?: PolicyMode | undefined
  readonly place?: Place | undefined
}

/** A NetworkPolicy, decoded: defaults filled in, addresses and selectors in normal form. */
export interface Policy {
  readonly kind: 'NetworkPolicy'
  readonly namespace: string
  readonly name: string
  readonly podSelector: Selector
  /** Why nobody can say whom it selects (spec, spec.podSelector); then it stands for every pod of its namespace, closed. */
  readonly unreadable?: string | undefined
  /** What its annotation says; `audit` is no isolation and no grant, only a question (policy-mode.ts). */
  readonly mode?: PolicyMode | undefined
  /** kube-router's annotation asks to audit it. */
  readonly monitored?: true | undefined
  /** Undefined: the policy does not isolate its pods in that direction (spec.policyTypes). */
  readonly ingress: PolicyDirection | undefined
  readonly egress: PolicyDirection | undefined
  readonly place?: Place | undefined
}

/** What a policy says for one direction; `closed`: it could not be compiled, so its pods are isolated and get nothing from it. */
export type PolicyDirection =
  | { readonly kind: 'rules'; readonly rules: readonly PolicyRule[] }
  | { readonly kind: 'closed'; readonly reason: string }

/** One item of spec.ingress or spec.egress. */
export interface PolicyRule {
  /** Its position in the list, as people cite it: `ingress[0]`. */
  readonly index: number
  readonly peers: 'anyone' | readonly Peer[]
  readonly ports: 'any' | readonly RulePort[]
  readonly place?: Place | undefined
}

/** A peer that can match something; a peer without any field matches nothing and is left out by decoding. */
export type Peer = PodPeer | BlockPeer

export interface PodPeer {
  readonly kind: 'pods'
  /** `same`: the policy's own namespace (no namespaceSelector). */
  readonly namespaces: 'same' | Selector
  readonly pods: Selector
}

export interface BlockPeer {
  readonly kind: 'block'
  readonly block: Block
  readonly excepts: readonly Block[]
}

/** One item of a rule's `ports`. */
export type RulePort =
  | { readonly kind: 'all'; readonly protocol: Protocol }
  | { readonly kind: 'range'; readonly protocol: Protocol; readonly from: number; readonly to: number }
  | { readonly kind: 'name'; readonly protocol: Protocol; readonly name: string }

export type ClusterObject = Pod | Namespace | Policy
