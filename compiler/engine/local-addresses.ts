import { familyOf } from '../addresses/family-of.ts'
import { holdSet, type HoldSetName, holdSets } from '../nftables/hold-sets.ts'
import type { RulesetOptions } from '../nftables/options.ts'
import type { ElementChange, SetValue } from '../nftables/ruleset.ts'

/** What the hold knows of the node's addresses: which pass, and which are about to. Nothing while the hold is off. */
export interface LocalAddresses {
  /** Looks at these addresses again. */
  update(addresses: Iterable<string>, look: (address: string) => AddressState): LocalChanges
  has(address: string): boolean
  /** Those that pass. */
  known(): Iterable<string>
  sets(): readonly SetValue[]
  clear(): void
}

/** `pod`: the uid of the pod whose address it is, where it passes. */
export interface AddressState {
  readonly pod: string | undefined
  readonly isStarting: boolean
}

export interface LocalChanges {
  readonly elements: ReadonlyMap<string, ElementChange>
  /** Some address does not pass any more, or has passed to another pod. */
  readonly hasLeft: boolean
}

/** Nobody is known. */
export function createLocalAddresses(options: RulesetOptions): LocalAddresses {
  const pods = new Map<string, string>()
  const starting = new Set<string>()

  return {
    update(addresses, look) {
      const elements = new Map<string, { added: string[]; removed: string[] }>()
      const changeOf = (set: HoldSetName, address: string) => {
        const name = holdSet(set, familyOf(address))
        let change = elements.get(name)
        if (change === undefined) elements.set(name, (change = { added: [], removed: [] }))
        return change
      }
      let hasLeft = false
      for (const address of new Set(addresses)) {
        const [before, after] = [pods.get(address), look(address)]
        if (before !== after.pod) {
          // Of another pod: it goes before it comes, so that nothing of the one's right is left for the other.
          if (before !== undefined) changeOf('local', address).removed.push(address)
          if (after.pod !== undefined) changeOf('local', address).added.push(address)
          hasLeft ||= before !== undefined
        }
        if (after.pod === undefined) pods.delete(address)
        else pods.set(address, after.pod)
        if (starting.has(address) === after.isStarting) continue
        const change = changeOf('starting', address)
        if (after.isStarting) change.added.push(address)
        else change.removed.push(address)
        if (after.isStarting) starting.add(address)
        else starting.delete(address)
      }
      return { elements, hasLeft }
    },
    has: (address) => pods.has(address),
    known: () => pods.keys(),
    sets: () =>
      holdSets(options).map((set) => {
        const elements = [...pods.keys()].filter((address) => holdSet('local', familyOf(address)) === set.name)
        const others = [...starting].filter((address) => holdSet('starting', familyOf(address)) === set.name)
        return { ...set, elements: new Set([...set.elements, ...elements, ...others]) }
      }),
    clear() {
      pods.clear()
      starting.clear()
    },
  }
}
