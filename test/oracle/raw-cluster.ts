/** In the API's JSON null is as missing. */
type Maybe<T> = T | null | undefined

/** Labels as the API carries them. */
export type RawLabels = Readonly<Record<string, string>>

/** meta/v1 ObjectMeta, as far as policy depends on it. */
export interface RawMetadata {
  readonly name: string
  /** Missing on a namespaced object: `default`. */
  readonly namespace?: Maybe<string>
  readonly uid?: Maybe<string>
  readonly labels?: Maybe<RawLabels>
  /** Nothing that the API's text speaks of: the oracle never looks. */
  readonly annotations?: Maybe<RawLabels>
  /** RFC 3339 in UTC, so that text order is time order. */
  readonly creationTimestamp?: Maybe<string>
  readonly deletionTimestamp?: Maybe<string>
}

/** core/v1 ContainerPort. */
export interface RawContainerPort {
  readonly name?: Maybe<string>
  readonly containerPort: number
  readonly protocol?: Maybe<string>
}

/** core/v1 Container; restartPolicy `Always` makes a sidecar of an init container. */
export interface RawContainer {
  readonly name: string
  readonly image?: Maybe<string>
  readonly restartPolicy?: Maybe<string>
  readonly ports?: Maybe<readonly RawContainerPort[]>
}

/** core/v1 Pod. */
export interface RawPod {
  readonly apiVersion: 'v1'
  readonly kind: 'Pod'
  readonly metadata: RawMetadata
  readonly spec?: Maybe<{
    readonly nodeName?: Maybe<string>
    readonly hostNetwork?: Maybe<boolean>
    readonly containers?: Maybe<readonly RawContainer[]>
    readonly initContainers?: Maybe<readonly RawContainer[]>
  }>
  readonly status?: Maybe<{
    readonly phase?: Maybe<string>
    readonly hostIP?: Maybe<string>
    readonly podIP?: Maybe<string>
    readonly podIPs?: Maybe<readonly { readonly ip: string }[]>
  }>
}

/** core/v1 Namespace. */
export interface RawNamespace {
  readonly apiVersion: 'v1'
  readonly kind: 'Namespace'
  readonly metadata: RawMetadata
}

/** meta/v1 LabelSelectorRequirement. */
export interface RawRequirement {
  readonly key: string
  readonly operator: string
  readonly values?: Maybe<readonly string[]>
}

/** meta/v1 LabelSelector. */
export interface RawSelector {
  readonly matchLabels?: Maybe<RawLabels>
  readonly matchExpressions?: Maybe<readonly RawRequirement[]>
}

/** networking/v1 IPBlock. */
export interface RawIpBlock {
  readonly cidr: string
  readonly except?: Maybe<readonly string[]>
}

/** networking/v1 NetworkPolicyPeer. */
export interface RawPeer {
  readonly podSelector?: Maybe<RawSelector>
  readonly namespaceSelector?: Maybe<RawSelector>
  readonly ipBlock?: Maybe<RawIpBlock>
}

/** networking/v1 NetworkPolicyPort. */
export interface RawPort {
  readonly protocol?: Maybe<string>
  readonly port?: Maybe<number | string>
  readonly endPort?: Maybe<number>
}

/** NetworkPolicyIngressRule (`from`) and NetworkPolicyEgressRule (`to`). */
export interface RawRule {
  readonly from?: Maybe<readonly Maybe<RawPeer>[]>
  readonly to?: Maybe<readonly Maybe<RawPeer>[]>
  readonly ports?: Maybe<readonly Maybe<RawPort>[]>
}

/** networking/v1 NetworkPolicy. */
export interface RawPolicy {
  readonly apiVersion: 'networking.k8s.io/v1'
  readonly kind: 'NetworkPolicy'
  readonly metadata: RawMetadata
  readonly spec?: Maybe<{
    readonly podSelector?: Maybe<RawSelector>
    readonly policyTypes?: Maybe<readonly string[]>
    readonly ingress?: Maybe<readonly Maybe<RawRule>[]>
    readonly egress?: Maybe<readonly Maybe<RawRule>[]>
  }>
}

/** core/v1 Node. */
export interface RawNode {
  readonly apiVersion: 'v1'
  readonly kind: 'Node'
  readonly metadata: RawMetadata
  readonly spec?: Maybe<{ readonly podCIDR?: Maybe<string>; readonly podCIDRs?: Maybe<readonly string[]> }>
  readonly status?: Maybe<{
    readonly addresses?: Maybe<readonly { readonly type: string; readonly address: string }[]>
  }>
}

/** core/v1 Service, as far as a node port depends on it. */
export interface RawService {
  readonly apiVersion: 'v1'
  readonly kind: 'Service'
  readonly metadata: RawMetadata
  readonly spec: {
    readonly type: 'NodePort'
    readonly externalTrafficPolicy: 'Cluster' | 'Local'
    readonly selector: RawLabels
    readonly ports: readonly {
      readonly protocol: 'TCP' | 'UDP' | 'SCTP'
      readonly port: number
      readonly targetPort: number
      readonly nodePort: number
    }[]
  }
}

export type RawObject = RawPod | RawNamespace | RawPolicy

/** A cluster's objects as the API serves them, trimmed of nothing that the oracle reads. */
export interface RawCluster {
  readonly pods: readonly RawPod[]
  readonly namespaces: readonly RawNamespace[]
  readonly policies: readonly RawPolicy[]
  /** Policy does not depend on them; who asks in words does. */
  readonly nodes?: readonly RawNode[]
}
