import { setTimeout as sleep } from 'node:timers/promises'
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
  /**
   * Of the pods that stood at the start: resolves when their policies cannot be late any more, or after a few seconds, since what is
   * known is to be enforced whatever the API server does.
   */
  firstLook(): Promise<void>
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

const FIRST_LOOK_MILLISECONDS = 3_000

type PodPut = Extract<Change, { readonly type: 'put' }> & { readonly object: Pod }

/** What is known of a pod of this node. */
type Known =
  | { readonly kind: 'in'; readonly uid: string }
  /** The engine knows it; whether it may is asked, and this is how it is by now. */
  | { readonly kind: 'doubted'; readonly put: PodPut }
  /** The engine is to know it. `missing`: it waits though no policy was known when it came. */
  | { readonly kind: 'waiting'; readonly put: PodPut; readonly missing: boolean }

export function createLatePolicies(options: LatePoliciesOptions): LatePolicies {
  const { isLocal, holdState, isSynced, caughtUp, release, failed } = options
  /** By podKey. */
  const known = new Map<string, Known>()
  let isSuspecting = false

  /** What the engine is to be told of it, where that has changed. */
  function suspicion(): readonly EngineChange[] {
    const isNow = [...known.values()].some((one) => one.kind === 'waiting' && one.missing)
    if (isNow === isSuspecting) return []
    isSuspecting = isNow
    return [{ type: 'suspicion', policies: isNow }]
  }

  /** It is let in as it is by then; unless it has gone, or another has its name. */
  function ask(key: string, { object: { namespace, name, uid } }: PodPut): void {
    const theOne = (): Known | undefined => {
      const now = known.get(key)
      return now !== undefined && uidOf(now) === uid ? now : undefined
    }
    const isMissing = (): void => {
      const now = theOne()
      if (now?.kind !== 'doubted') return
      known.set(key, { kind: 'waiting', put: now.put, missing: true })
      release([...suspicion(), { type: 'remove', kind: 'Pod', namespace, name }])
    }
    caughtUp?.(namespace, isMissing)
      .then(() => {
        const now = theOne()
        if (now === undefined) return
        known.set(key, { kind: 'in', uid })
        if (now.kind === 'waiting') release([now.put, ...suspicion()])
      })
      .catch(failed)
  }

  function takePod(put: PodPut): readonly EngineChange[] {
    const { object } = put
    const { uid, namespace, name } = object
    const key = podKey(object)
    if (object.finished || object.hostNetwork || !isLocal(object)) {
      known.delete(key)
      return [put]
    }
    const before = known.get(key)
    const same = before !== undefined && uidOf(before) === uid ? before : undefined
    if (same?.kind === 'doubted') known.set(key, { ...same, put })
    if (same !== undefined && same.kind !== 'waiting') return [put]
    const state = caughtUp === undefined || !isSynced() ? 'off' : holdState()
    if (state === 'off') {
      known.set(key, { kind: 'in', uid })
      return [put]
    }
    if (same !== undefined) {
      known.set(key, { ...same, put })
      return []
    }
    known.set(key, state === 'on' ? { kind: 'doubted', put } : { kind: 'waiting', put, missing: false })
    ask(key, put)
    if (state === 'on') return [put]
    // The one that had the name is gone, and its rights with it.
    const isAnother = before !== undefined && before.kind !== 'waiting'
    return isAnother ? [{ type: 'remove', kind: 'Pod', namespace, name }] : []
  }

  return {
    take(changes) {
      const taken = changes.flatMap((change): readonly EngineChange[] => {
        if (change.type === 'put') return isPodPut(change) ? takePod(change) : [change]
        if (change.kind === 'Pod') known.delete(`${change.namespace}/${change.name}`)
        return [change]
      })
      return [...taken, ...suspicion()]
    },
    waitingUid(pod) {
      const now = known.get(pod)
      return now?.kind === 'waiting' ? uidOf(now) : undefined
    },
    async firstLook() {
      if (caughtUp === undefined) return
      const asked = new Set<string>()
      const isLate = sleep(FIRST_LOOK_MILLISECONDS, true, { ref: false })
      for (;;) {
        // More may come while the answers are on their way.
        const pods = [...known.keys()].filter((pod) => !asked.has(pod))
        if (pods.length === 0) return
        for (const pod of pods) asked.add(pod)
        const namespaces = new Set(pods.map((pod) => pod.slice(0, pod.indexOf('/'))))
        const answers = Promise.all([...namespaces].map((namespace) => caughtUp(namespace)))
        answers.catch(failed)
        if (await Promise.race([answers.then(() => false), isLate])) return
      }
    },
    letAllIn() {
      const puts: PodPut[] = []
      for (const [key, now] of known) {
        if (now.kind === 'waiting') puts.push(now.put)
        known.set(key, { kind: 'in', uid: uidOf(now) })
      }
      if (puts.length > 0) release([...puts, ...suspicion()])
    },
  }
}

function uidOf(known: Known): string {
  return known.kind === 'in' ? known.uid : known.put.object.uid
}

function isPodPut(change: Change): change is PodPut {
  return change.type === 'put' && change.object.kind === 'Pod'
}
