import { parseAllDocuments } from 'yaml'
import type { Json, Kubectl } from './kubectl.ts'

/** Applies a kustomization as a user would, and waits until every agent is ready. The image of the agents. */
export async function install(kubectl: Kubectl, kustomization: string): Promise<string> {
  await kubectl.run(['apply', '-k', kustomization])
  await rolledOut(kubectl, 'selvedge')
  return imageOf(await kubectl.run(['kustomize', kustomization]))
}

/** Waits until each node's pod of a DaemonSet of ours is ready. */
export async function rolledOut(kubectl: Kubectl, daemonSet: string): Promise<void> {
  await kubectl.run(['-n', 'kube-system', 'rollout', 'status', `daemonset/${daemonSet}`, '--timeout=180s'])
}

function imageOf(manifests: string): string {
  for (const document of parseAllDocuments(manifests)) {
    const { kind, spec } = document.toJS() as { readonly kind: string; readonly spec?: DaemonSetSpec }
    const image = kind === 'DaemonSet' ? spec?.template.spec.containers[0]?.image : undefined
    if (image !== undefined) return image
  }
  throw new Error('the kustomization has no DaemonSet')
}

interface DaemonSetSpec extends Json {
  readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } }
}
