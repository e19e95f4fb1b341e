import { familyOf } from '../addresses/family-of.ts'
import { holdSet, type HoldSetName, holdSets, localElement } from '../nftables/hold-sets.ts'
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

export interface AddressState {
  /** Where it passes. */
  readonly tenant: Tenant | undefined
  readonly isStarting: boolean
}

export interface Tenant {
  /** The pod whose address it is: another text, another pod. */
  readonly pod: string
  /** Its uid as the runtime has it. */
  readonly uid: string
}

export interface LocalChanges {
  readonly elements: ReadonlyMap<string, ElementChange>
  /** Some address does not pass any more, or has passed to another pod. */
  readonly hasLeft: boolean
}

/** Nobody is known. */
export function createLocalAddresses(options: RulesetOptions): LocalAddresses {
  const tenants = new Map<string, Tenant>()
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
        const [before, { tenant, isStarting }] = [tenants.get(address), look(address)]
        if (before?.pod !== tenant?.pod) {
          // Of another pod: it goes before it comes, so that nothing of the one's right is left for the other.
          if (before !== undefined) changeOf('local', address).removed.push(localElement(address, before.uid))
          if (tenant !== undefined) changeOf('local', address).added.push(localElement(address, tenant.uid))
          hasLeft ||= before !== undefined
        }
        if (tenant === undefined) tenants.delete(address)
        else tenants.set(address, tenant)
        if (starting.has(address) === isStarting) continue
        const change = changeOf('starting', address)
        if (isStarting) change.added.push(address)
        else change.removed.push(address)
        if (isStarting) starting.add(address)
        else starting.delete(address)
      }
      return { elements, hasLeft }
    },
    has: (address) => tenants.has(address),
    known: () => tenants.keys(),
    sets: () =>
      holdSets(options).map((set) => {
        const elements = [...tenants]
          .filter(([address]) => holdSet('local', familyOf(address)) === set.name)
          .map(([address, { uid }]) => localElement(address, uid))
        const others = [...starting].filter((address) => holdSet('starting', familyOf(address)) === set.name)
        return { ...set, elements: new Set([...set.elements, ...elements, ...others]) }
      }),
    clear() {
      tenants.clear()
      starting.clear()
    },
  }
}
