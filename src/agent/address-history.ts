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

/** Somebody's change of an address, from when it is told until it is seen what the engine makes of it. */
interface Touch {
  readonly before: Pod | undefined
  readonly at: number
}

/** Of a cluster in which fifty pods a second go, more than a minute; the one that went longest ago makes room. */
const MOST_ADDRESSES = 4096
/** The kernel tells ages in whole seconds. */
const ROUNDING_MILLISECONDS = 1_000

export function createAddressHistory({ podOf, ownerOf, now }: AddressHistoryOptions): AddressHistory {
  const formers = new Map<string, Former>()
  const touches = new Map<string, Touch>()

  function touch(address: string): void {
    settle(address)
    const before = ownerOf(address)
    if (before !== undefined || formers.has(address)) remember(touches, address, { before, at: now() })
  }

  /** Who owns it is the engine's word alone: of several claimants it takes one, and another when that one is about to go. */
  function settle(address: string): void {
    const touched = touches.get(address)
    const owner = ownerOf(address)
    if (touched === undefined || isSamePod(owner, touched.before)) return
    touches.delete(address)
    if (touched.before !== undefined) remember(formers, address, { pod: touched.before })
    const former = formers.get(address)
    if (former === undefined || owner === undefined) return
    if (isSamePod(former.pod, owner)) formers.delete(address)
    else former.until ??= touched.at
  }

  function changed(before: Pod | undefined, next: Pod | undefined): void {
    const claims = addressesOf(next)
    const isGoing = next?.terminating === true && before?.terminating !== true
    for (const address of new Set([...addressesOf(before), ...claims])) {
      const isKept = claims.includes(address) && !isGoing && isSamePod(ownerOf(address), next)
      if (!isKept) touch(address)
    }
  }

  return {
    take(changes) {
      for (const change of changes) {
        if (change.type === 'put') {
          const { object } = change
          if (object.kind === 'Pod') changed(podOf(podKey(object)), object)
          // The runtime knows whose an address is before the API does.
          if (object.kind === 'Sandbox') {
            const owner = podOf(`${object.namespace}/${object.name}`)
            for (const address of new Set([...object.addresses, ...addressesOf(owner)])) touch(address)
          }
        } else if (change.type === 'remove' && change.kind === 'Pod')
          changed(podOf(`${change.namespace}/${change.name}`), undefined)
      }
    },
    ownerOf,
    ownerAt(address, at) {
      settle(address)
      const former = formers.get(address)
      const owner = ownerOf(address)
      if (former === undefined) return owner
      if (former.until === undefined) return owner ?? former.pod
      return at + ROUNDING_MILLISECONDS < former.until ? former.pod : owner
    },
  }
}

/** As the last one of at most so many. */
function remember<Value>(values: Map<string, Value>, address: string, value: Value): void {
  values.delete(address)
  values.set(address, value)
  const [oldest] = values.keys()
  if (values.size > MOST_ADDRESSES && oldest !== undefined) values.delete(oldest)
}

function isSamePod(one: Pod | undefined, other: Pod | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  return one.uid === other.uid && podKey(one) === podKey(other)
}

/** Which it owns, as far as it alone can say. */
function addressesOf(pod: Pod | undefined): readonly string[] {
  return pod === undefined || pod.finished || pod.hostNetwork ? [] : pod.addresses
}
