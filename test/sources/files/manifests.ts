/** Manifests as text, one document each; joined with `documents`. */

export function policy(name: string, spec = '{podSelector: {}}', namespace = 'shop'): string {
  return document('networking.k8s.io/v1', 'NetworkPolicy', name, namespace, `spec: ${spec}`)
}

export function pod(name: string, address: string, namespace = 'shop'): string {
  return document('v1', 'Pod', name, namespace, `status: {podIPs: [{ip: ${address}}]}`)
}

export function workload(kind: string, name: string, app = name, namespace = 'shop'): string {
  return document('apps/v1', kind, name, namespace, `spec: {template: {metadata: {labels: {app: ${app}}}}}`)
}

export function namespace(name: string, labels = '{}'): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: ${labels}}\n`
}

export function documents(...texts: readonly string[]): string {
  return texts.join('---\n')
}

function document(apiVersion: string, kind: string, name: string, namespace: string, rest: string): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: ${namespace}}\n${rest}\n`
}
