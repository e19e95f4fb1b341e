import type { Sharing } from '../../compiler/objects/decode-context.ts'
import type { NamedPort, Workload } from '../../compiler/objects/objects.ts'

/**
 * Makes equal parts of many pods one part in memory, as the label interner does for labels: pods of one ReplicaSet share
 * nearly everything, and a cluster has a hundred thousand of them. It forgets nothing: who runs for months makes a new one.
 */
export function createSharing(): Sharing {
  const texts = new Map<string, string>()
  const ports = new Map<string, readonly NamedPort[]>()
  const workloads = new Map<string, Workload>()
  return {
    text: (value) => shared(texts, value, value),
    ports: (value) =>
      shared(ports, value.map(({ name, protocol, number }) => `${name}/${protocol}/${number}`).join(), value),
    workload: (value) => shared(workloads, `${value.kind}/${value.name}`, value),
  }
}

function shared<Part>(parts: Map<string, Part>, key: string, part: Part): Part {
  const first = parts.get(key)
  if (first !== undefined) return first
  parts.set(key, part)
  return part
}
