import type { Change, EngineChange } from '../../compiler/engine/change.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { podKey } from '../../compiler/objects/pod-name.ts'
import type { Source } from '../sources/source.ts'

/**
 * Keeps a new pod of this node from the engine until its policies cannot be late any more: pods, policies and namespaces come by three
 * watches, and each may lag. A pod that the engine does not know is held. While no policy is known nothing is held and nobody waits, but
 * whether that is all the truth is asked for each of them; where it is not, the hold stands and the pod waits after all.
 */
export interface LatePolicies {
  /** The changes less the pods that wait. */
  take(changes: readonly Change[]): readonly EngineChange[]
  /** The uid of a pod `namespace/name` that waits. */
  waitingUid(pod: string): string | undefined
  /** The hold goes off: nobody waits any more. */
  letAllIn(): void
}

export interface LatePoliciesOptions {
  /** Does this node enforce for the pod? */
  readonly isLocal: (pod: Pod) => boolean
  /** `on`: it would stand if some policy were known; `holding`: it stands. Where it does not, a pod that waits would be open. */
  readonly holdState: () => 'off' | 'on' | 'holding'
  /** Has everything that stood at the start been told? What stands then has run for long, and waits for nothing. */
  readonly isSynced: () => boolean
  readonly caughtUp: Source['caughtUp']
  /** The pods that wait no longer; or that one waits after all. */
  readonly release: (changes: readonly EngineChange[]) => void
  /** A bug. */
  readonly failed: (error: unknown) => void
}

type PodPut = Extract<Change, { readonly type: 'put' }> & { readonly object: Pod }

export function createLatePolicies(options: LatePoliciesOptions): LatePolicies {
  const { isLocal, holdState, isSynced, caughtUp, release, failed } = options
  /** Uids of this node's pods that the engine knows, and what it is to know of the others; by podKey. */
  const admitted = new Map<string, string>()
  const waiting = new Map<string, PodPut>()
  /** Pods that have been let in, and of which it is asked whether they may be, as they are by now. */
  const doubted = new Map<string, PodPut>()
  /** Those of `waiting` that wait though no policy was known. */
  const missing = new Set<string>()
  let isSuspecting = false

  function admit(key: string, put: PodPut): void {
    waiting.delete(key)
    missing.delete(key)
    admitted.set(key, put.object.uid)
  }

  function forget(key: string): void {
    waiting.delete(key)
    doubted.delete(key)
    missing.delete(key)
    admitted.delete(key)
  }

  /** What the engine is to be told of it, where that has changed. */
  function suspicion(): readonly EngineChange[] {
    const isNow = missing.size > 0
    if (isNow === isSuspecting) return []
    isSuspecting = isNow
    return [{ type: 'suspicion', policies: isNow }]
  }

  /** It is let in as it is by then; unless it has gone, or another has its name. */
  function ask(key: string, put: PodPut): void {
    const { namespace, name, uid } = put.object
    const theOne = (of: ReadonlyMap<string, PodPut>) => {
      const last = of.get(key)
      return last?.object.uid === uid ? last : undefined
    }
    const isMissing = (): void => {
      const last = theOne(doubted)
      if (last === undefined) return
      forget(key)
      waiting.set(key, last)
      missing.add(key)
      release([...suspicion(), { type: 'remove', kind: 'Pod', namespace, name }])
    }
    caughtUp?.(namespace, isMissing)
      .then(() => {
        if (theOne(doubted) !== undefined) doubted.delete(key)
        const last = theOne(waiting)
        if (last === undefined) return
        admit(key, last)
        release([last, ...suspicion()])
      })
      .catch(failed)
  }

  function takePod(put: PodPut): readonly EngineChange[] {
    const { object } = put
    const { uid, namespace, name } = object
    const key = podKey(object)
    if (object.finished || object.hostNetwork || !isLocal(object)) {
      forget(key)
      return [put]
    }
    if (admitted.get(key) === uid) {
      if (doubted.has(key)) doubted.set(key, put)
      return [put]
    }
    const state = caughtUp === undefined || !isSynced() ? 'off' : holdState()
    if (state === 'off') {
      admit(key, put)
      return [put]
    }
    const isKnown = waiting.get(key)?.object.uid === uid
    const isAnother = admitted.has(key)
    if (isKnown) {
      waiting.set(key, put)
      return []
    }
    forget(key)
    if (state === 'on') {
      admit(key, put)
      doubted.set(key, put)
    } else waiting.set(key, put)
    ask(key, put)
    if (state === 'on') return [put]
    // The one that had the name is gone, and its rights with it.
    return isAnother ? [{ type: 'remove', kind: 'Pod', namespace, name }] : []
  }

  return {
    take(changes) {
      const taken = changes.flatMap((change): readonly EngineChange[] => {
        if (change.type === 'put') return isPodPut(change) ? takePod(change) : [change]
        if (change.kind === 'Pod') forget(`${change.namespace}/${change.name}`)
        return [change]
      })
      return [...taken, ...suspicion()]
    },
    waitingUid: (pod) => waiting.get(pod)?.object.uid,
    letAllIn() {
      const puts = [...waiting.values()]
      for (const put of puts) admit(podKey(put.object), put)
      doubted.clear()
      if (puts.length > 0) release([...puts, ...suspicion()])
    },
  }
}

function isPodPut(change: Change): change is PodPut {
  return change.type === 'put' && change.object.kind === 'Pod'
}
