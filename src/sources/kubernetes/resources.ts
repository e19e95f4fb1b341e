/** One kind of object in the API. */
export interface Resource {
  readonly kind: string
  readonly apiVersion: string
  /** As RBAC and URLs call it. */
  readonly plural: string
  /** API group; empty for the core group. */
  readonly group: string
  /** Of the list over all namespaces. */
  readonly path: string
  /** With plain JSON as the second choice, for servers that do not know the first. */
  readonly acceptList: string
  readonly acceptWatch: string
  readonly fieldSelector: string
  readonly labelSelector?: string
}

const JSON_ONLY = 'application/json'
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json'
const METADATA_LIST_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json'

function core(kind: string, plural: string): Resource {
  const accept = { acceptList: JSON_ONLY, acceptWatch: JSON_ONLY }
  return { kind, apiVersion: 'v1', plural, group: '', path: `/api/v1/${plural}`, ...accept, fieldSelector: '' }
}

function networking(kind: string, plural: string): Resource {
  return inGroup('networking.k8s.io', kind, plural)
}

function inGroup(group: string, kind: string, plural: string): Resource {
  return { ...core(kind, plural), apiVersion: `${group}/v1`, group, path: `/apis/${group}/v1/${plural}` }
}

export const PODS: Resource = {
  ...core('Pod', 'pods'),
  // A finished pod owns nothing. One that finishes leaves the selection, and that arrives as DELETED.
  fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed',
}

/** Those of one namespace that have this label, finished ones too. */
export function podsLabelled(namespace: string, labelSelector: string): Resource {
  return { ...PODS, path: `/api/v1/namespaces/${namespace}/pods`, fieldSelector: '', labelSelector }
}

/** Labels are all of a Namespace that policy reads. */
export const NAMESPACES: Resource = {
  ...core('Namespace', 'namespaces'),
  acceptList: METADATA_LIST_ONLY,
  acceptWatch: METADATA_ONLY,
}

export const POLICIES: Resource = networking('NetworkPolicy', 'networkpolicies')

/** Names and versions of one namespace's policies; for lists only. */
export function policiesOf(namespace: string): Resource {
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`
  return { ...POLICIES, path, acceptList: METADATA_LIST_ONLY }
}

/** One namespace, as a list: that needs no right to get it. */
export function namespaceNamed(name: string): Resource {
  return { ...NAMESPACES, fieldSelector: `metadata.name=${name}` }
}

/** One pod, to get. */
export function podNamed({ namespace, name }: { readonly namespace: string; readonly name: string }): Resource {
  const [within, called] = [namespace, name].map(encodeURIComponent)
  return { ...PODS, path: `/api/v1/namespaces/${within}/pods/${called}` }
}

export const SERVICES: Resource = core('Service', 'services')
export const INGRESSES: Resource = networking('Ingress', 'ingresses')
/** These two are read by people's commands alone: the agent needs neither, and has no right to them. */
export const NODES: Resource = core('Node', 'nodes')
export const ENDPOINT_SLICES: Resource = inGroup('discovery.k8s.io', 'EndpointSlice', 'endpointslices')
