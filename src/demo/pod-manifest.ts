import type { Pod } from '../../compiler/objects/objects.ts'
import type { Manifest } from './shop.ts'
import type { DemoPod } from './story.ts'

/** A running pod as the API server would tell of it: labels and ports of its template, on its node, with its address. */
export function podManifest(pod: DemoPod, template: Pod | undefined): Manifest {
  const { name, namespace, node, address } = pod
  const ports = (template?.ports ?? []).map((port) => ({
    name: port.name,
    protocol: port.protocol,
    containerPort: port.number,
  }))
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: Object.fromEntries(template?.labels.labels ?? [['app', name]]) },
    spec: { nodeName: node, containers: [{ name: 'main', image: 'none', ports }] },
    status: { phase: 'Running', podIP: address, podIPs: [{ ip: address }] },
  }
}
