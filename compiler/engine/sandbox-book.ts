import type { Pod } from '../objects/objects.ts'
import { podName } from '../objects/pod-name.ts'
import type { Sandbox } from '../objects/sandbox.ts'

/** The sandboxes of this node by what they name. While the book is closed it answers as if there were none. */
export interface SandboxBook {
  open(isOpen: boolean): void
  replace(key: string, sandbox: Sandbox | undefined): void
  get(key: string): Sandbox | undefined
  /** All that name a pod `namespace/name`, of whatever uid, ended ones too; also while the book is closed. */
  naming(pod: string): Iterable<Sandbox>
  /** The one in which the pod runs: the newest of its uid. */
  ofPod(pod: Pod): Sandbox | undefined
  /** The one that has the address now: the newest that names it, less those that a newer one of their pod has replaced. */
  at(address: string): Sandbox | undefined
  /** The pod had the address in a sandbox that has ended. */
  hasLost(pod: Pod, address: string): boolean
  /** All that live and are not replaced. */
  live(): Iterable<Sandbox>
  values(): Iterable<Sandbox>
}

/** A closed and empty book. A node has some hundred pods at most, so lists are walked. */
export function createSandboxBook(): SandboxBook {
  const all = new Map<string, Sandbox>()
  const byPod = new Map<string, Map<string, Sandbox>>()
  const byAddress = new Map<string, Map<string, Sandbox>>()
  let isOpen = false

  const isReplaced = (sandbox: Sandbox): boolean =>
    [...(byPod.get(podName(sandbox))?.values() ?? [])].some(
      ({ uid, order, isEnded }) => uid === sandbox.uid && isEnded === undefined && order > sandbox.order,
    )
  const isLive = (sandbox: Sandbox): boolean => sandbox.isEnded === undefined && !isReplaced(sandbox)

  return {
    open(value) {
      isOpen = value
    },
    replace(key, sandbox) {
      const known = all.get(key)
      if (known !== undefined) {
        all.delete(key)
        drop(byPod, podName(known), key)
        for (const address of known.addresses) drop(byAddress, address, key)
      }
      if (sandbox === undefined) return
      all.set(key, sandbox)
      put(byPod, podName(sandbox), sandbox)
      for (const address of sandbox.addresses) put(byAddress, address, sandbox)
    },
    get: (key) => all.get(key),
    naming: (pod) => byPod.get(pod)?.values() ?? [],
    ofPod(pod) {
      if (!isOpen) return undefined
      const own = [...(byPod.get(podName(pod))?.values() ?? [])].filter((sandbox) => isOf(sandbox, pod))
      return newest(own.filter(({ isEnded }) => isEnded === undefined))
    },
    at(address) {
      return isOpen ? newest([...(byAddress.get(address)?.values() ?? [])].filter(isLive)) : undefined
    },
    hasLost(pod, address) {
      if (!isOpen) return false
      const named = [...(byAddress.get(address)?.values() ?? [])]
      return named.some((sandbox) => sandbox.isEnded === true && isOf(sandbox, pod))
    },
    live: () => (isOpen ? [...all.values()].filter(isLive) : []),
    values: () => all.values(),
  }
}

/**
 * Namespace and name, and the uid: of a static pod the one that the kubelet wrote into its mirror. Nothing else that a pod may have
 * written about itself counts.
 */
function isOf(sandbox: Sandbox, pod: Pod): boolean {
  const isNamed = sandbox.namespace === pod.namespace && sandbox.name === pod.name
  return isNamed && sandbox.uid !== '' && (sandbox.uid === pod.uid || sandbox.uid === pod.staticUid)
}

function newest(sandboxes: readonly Sandbox[]): Sandbox | undefined {
  return sandboxes.reduce<Sandbox | undefined>(
    (best, one) => (best === undefined || one.order > best.order ? one : best),
    undefined,
  )
}

function put(index: Map<string, Map<string, Sandbox>>, at: string, sandbox: Sandbox): void {
  const found = index.get(at)
  if (found === undefined) index.set(at, new Map([[sandbox.key, sandbox]]))
  else found.set(sandbox.key, sandbox)
}

function drop(index: Map<string, Map<string, Sandbox>>, at: string, key: string): void {
  const found = index.get(at)
  found?.delete(key)
  if (found?.size === 0) index.delete(at)
}
