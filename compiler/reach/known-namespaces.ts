import type { AllowGraph } from '../graph/allow-graph.ts'

/**
 * Namespaces whose labels the input settles: those that it declares, and those that it has pods in, which have their name
 * alone (docs/semantics.md). Of all others rules may say anything.
 */
export function knownNamespaces({ pods, declaresNamespace }: AllowGraph): (name: string) => boolean {
  const inUse = new Set([...pods.values()].map(({ pod }) => pod.namespace))
  return (name) => inUse.has(name) || declaresNamespace(name)
}
