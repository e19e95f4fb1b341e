import { MODE_ANNOTATION } from '../../compiler/objects/decode-mode.ts'
import type { ManifestFolder } from './manifest-folder.ts'
import { podManifest } from './pod-manifest.ts'
import type { Manifest, Shop } from './shop.ts'
import { AUDITED, LABEL, LIVE_FLOW, MONITORING, PODS, SHOP_NAMESPACE, WORDS } from './story.ts'

/** One change of the cluster, and the words that go with it. */
export interface Step {
  readonly title: string
  readonly words: string
  change(folder: ManifestFolder): void
}

const MONITORING_FILE = 'monitoring'

/** What stands before the first step, by file: namespaces and pods, no policy. */
export function firstManifests(shop: Shop): ReadonlyMap<string, readonly Manifest[]> {
  const pods = PODS.map((pod) =>
    podManifest(pod, pod.workload === undefined ? undefined : shop.templates.get(pod.workload)),
  )
  return new Map([
    ['namespaces', shop.namespaces],
    [MONITORING_FILE, [monitoring(true)]],
    ['pods', pods],
  ])
}

/** The policies one by one, in the order of their file; then a label goes and comes back, and one more policy is only audited. */
export function stepsOf(shop: Shop): readonly Step[] {
  return [
    {
      title: 'No policy yet',
      words: 'Everyone reaches everyone: what Kubernetes promises, and Flannel does.',
      change: () => {},
    },
    ...shop.policies.map(({ name, manifest }) => ({
      title: `Policy ${name}`,
      words: WORDS.get(name) ?? '',
      change: (folder: ManifestFolder) => folder.put(name, [manifest]),
    })),
    {
      title: `kubectl label namespace ${MONITORING} ${LABEL.name}-`,
      words: `The label that let ${LIVE_FLOW.from} in is gone. No policy has changed.`,
      change: (folder) => folder.put(MONITORING_FILE, [monitoring(false)]),
    },
    {
      title: `kubectl label namespace ${MONITORING} ${LABEL.name}=${LABEL.value}`,
      words: 'The label is back, and so is the right.',
      change: (folder) => folder.put(MONITORING_FILE, [monitoring(true)]),
    },
    {
      title: `Policy ${AUDITED.name}, only audited`,
      words: AUDITED.words,
      change: (folder) => folder.put(AUDITED.name, [audited()]),
    },
  ]
}

function audited(): Manifest {
  const { name, spec } = AUDITED
  const annotations = { [MODE_ANNOTATION]: 'audit' }
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: SHOP_NAMESPACE, annotations },
    spec,
  }
}

function monitoring(labelled: boolean): Manifest {
  const labels = labelled ? { [LABEL.name]: LABEL.value } : {}
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MONITORING, labels } }
}
