import type { EngineChange } from '../../compiler/engine/change.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { podKey } from '../../compiler/objects/pod-name.ts'

/** Whose an address is, and whose it was before: what the kernel has noted of an address may be older than the pod that has it now. */
export interface AddressHistory {
  /** What is about to be applied. */
  take(changes: readonly EngineChange[]): void
  ownerOf(address: string): Pod | undefined
  /** At an instant of the clock: who owned it then, and of one that nobody owns any more, who did last. */
  ownerAt(address: string, at: number): Pod | undefined
}

export interface AddressHistoryOptions {
  /** As it stands, before what is about to be applied. */
  readonly podOf: (key: string) => Pod | undefined
  readonly ownerOf: (address: string) => Pod | undefined
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
}

interface Former {
  readonly pod: Pod
  /** When another pod was given the address; undefined: nobody has it. */
  until?: number
}

/** Of a cluster in which fifty pods a second go, more than a minute; the one that went longest ago makes room. */
const MOST_ADDRESSES = 4096
/** The kernel tells ages in whole seconds. */
const ROUNDING_MILLISECONDS = 1_000

export function createAddressHistory({ podOf, ownerOf, now }: AddressHistoryOptions): AddressHistory {
  const formers = new Map<string, Former>()

  function left(address: string, pod: Pod): void {
    formers.delete(address)
    formers.set(address, { pod })
    const [oldest] = formers.keys()
    if (formers.size > MOST_ADDRESSES && oldest !== undefined) formers.delete(oldest)
  }

  function came(address: string, uid: string, key: string): void {
    const former = formers.get(address)
    if (former === undefined || former.until !== undefined) return
    if (former.pod.uid === uid && podKey(former.pod) === key) formers.delete(address)
    else former.until = now()
  }

  function changed(key: string, next: Pod | undefined): void {
    const before = podOf(key)
    const kept = next === undefined || before?.uid !== next.uid ? [] : addressesOf(next)
    for (const address of addressesOf(before)) if (!kept.includes(address)) left(address, before as Pod)
    if (formers.size > 0 && next !== undefined) for (const address of addressesOf(next)) came(address, next.uid, key)
  }

  return {
    take(changes) {
      for (const change of changes) {
        if (change.type === 'put') {
          const { object } = change
          if (object.kind === 'Pod') changed(podKey(object), object)
          // The runtime knows whose an address is before the API does.
          if (object.kind === 'Sandbox' && object.isEnded !== true)
            for (const address of object.addresses) came(address, object.uid, `${object.namespace}/${object.name}`)
        } else if (change.type === 'remove' && change.kind === 'Pod')
          changed(`${change.namespace}/${change.name}`, undefined)
      }
    },
    ownerOf,
    ownerAt(address, at) {
      const former = formers.get(address)
      const owner = ownerOf(address)
      if (former === undefined) return owner
      if (former.until === undefined) return owner ?? former.pod
      return at + ROUNDING_MILLISECONDS < former.until ? former.pod : owner
    },
  }
}

/** Which it owns, as far as it alone can say. */
function addressesOf(pod: Pod | undefined): readonly string[] {
  return pod === undefined || pod.finished || pod.hostNetwork ? [] : pod.addresses
}
