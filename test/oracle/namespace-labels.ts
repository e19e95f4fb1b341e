import type { RawLabels, RawNamespace } from './raw-cluster.ts'

/**
 * The labels of the namespace of that name. The API server labels every namespace with its own name;
 * one that no object declares has only that label.
 */
export function namespaceLabels(name: string, namespaces: readonly RawNamespace[]): RawLabels {
  const declared = namespaces.find((namespace) => namespace.metadata.name === name)
  return { ...declared?.metadata.labels, 'kubernetes.io/metadata.name': name }
}
