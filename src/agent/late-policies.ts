import type { Change } from '../../compiler/engine/change.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { podKey } from '../../compiler/objects/pod-name.ts'
import type { Source } from '../sources/source.ts'

/**
 * Keeps a new pod of this node from the engine until its policies cannot be late any more: pods, policies and namespaces come by three
 * watches, and each may lag. A pod that the engine does not know is held.
 */
export interface LatePolicies {
  /** The changes less the pods that wait. */
  take(changes: readonly Change[]): readonly Change[]
  /** The uid of a pod `namespace/name` that waits. */
  waitingUid(pod: string): string | undefined
  /** The hold goes off: nobody waits any more. */
  letAllIn(): void
}

export interface LatePoliciesOptions {
  /** Does this node enforce for the pod? */
  readonly isLocal: (pod: Pod) => boolean
  /** Does a rule of the hold stand? Without it a pod that waits would be open. */
  readonly isHolding: () => boolean
  /** Has everything that stood at the start been told? What stands then has run for long, and waits for nothing. */
  readonly isSynced: () => boolean
  readonly caughtUp: Source['caughtUp']
  /** The pods that wait no longer. */
  readonly release: (changes: readonly Change[]) => void
  /** A bug. */
  readonly failed: (error: unknown) => void
}

type PodPut = Extract<Change, { readonly type: 'put' }> & { readonly object: Pod }

export function createLatePolicies(options: LatePoliciesOptions): LatePolicies {
  const { isLocal, isHolding, isSynced, caughtUp, release, failed } = options
  /** Uids of this node's pods that the engine knows, and what it is to know of the others; by podKey. */
  const admitted = new Map<string, string>()
  const waiting = new Map<string, PodPut>()

  function admit(key: string, put: PodPut): void {
    waiting.delete(key)
    admitted.set(key, put.object.uid)
  }

  function forget(key: string): void {
    waiting.delete(key)
    admitted.delete(key)
  }

  function takePod(put: PodPut): readonly Change[] {
    const { object } = put
    const { uid, namespace, name } = object
    const key = podKey(object)
    if (object.finished || object.hostNetwork || !isLocal(object)) {
      forget(key)
      return [put]
    }
    if (caughtUp === undefined || admitted.get(key) === uid || !isSynced() || !isHolding()) {
      admit(key, put)
      return [put]
    }
    const isKnown = waiting.get(key)?.object.uid === uid
    const isAnother = admitted.has(key)
    forget(key)
    waiting.set(key, put)
    if (!isKnown) {
      caughtUp(namespace)
        .then(() => {
          const last = waiting.get(key)
          if (last?.object.uid !== uid) return
          admit(key, last)
          release([last])
        })
        .catch(failed)
    }
    // The one that had the name is gone, and its rights with it.
    return isAnother ? [{ type: 'remove', kind: 'Pod', namespace, name }] : []
  }

  return {
    take: (changes) =>
      changes.flatMap((change): readonly Change[] => {
        if (change.type === 'put') return isPodPut(change) ? takePod(change) : [change]
        if (change.kind === 'Pod') forget(`${change.namespace}/${change.name}`)
        return [change]
      }),
    waitingUid: (pod) => waiting.get(pod)?.object.uid,
    letAllIn() {
      const puts = [...waiting.values()]
      for (const put of puts) admit(podKey(put.object), put)
      if (puts.length > 0) release(puts)
    },
  }
}

function isPodPut(change: Change): change is PodPut {
  return change.type === 'put' && change.object.kind === 'Pod'
}
