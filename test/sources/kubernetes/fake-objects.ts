export interface FakeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string; readonly namespace?: string }
  readonly [field: string]: unknown
}

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED'

export function pod(
  name: string,
  fields: { labels?: Record<string, string>; ip?: string; phase?: string } = {},
): FakeObject {
  const { labels = { app: name }, ip = '10.244.0.5', phase = 'Running' } = fields
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, labels, managedFields: [{ manager: 'kubelet' }] },
    spec: { nodeName: 'node1', containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 8080 }] }] },
    status: { phase, podIPs: [{ ip }], conditions: [{ type: 'Ready', status: 'True' }] },
  }
}

export function namespace(name: string, labels: Record<string, string> = {}): FakeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels }, spec: { finalizers: ['kubernetes'] } }
}

export function policy(name: string, spec: unknown = { podSelector: {} }): FakeObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'shop' }, spec }
}

/** What the API server makes of an object for whoever asks for PartialObjectMetadata. */
export function partial({ metadata }: FakeObject): FakeObject {
  return { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata }
}

export function eventLine(type: EventType, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`
}

export function bookmarkLine(resourceVersion: string, endsInitial = false): string {
  const annotations = endsInitial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}
  return `${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion, ...annotations } } })}\n`
}

export function errorLine(code: number, reason: string, message: string): string {
  return `${JSON.stringify({ type: 'ERROR', object: statusObject(code, reason, message) })}\n`
}

export function statusObject(code: number, reason: string, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }
}
