import { FAMILIES, type Family } from '../addresses/address.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import { commentText } from './comment-text.ts'
import { mapElement } from './map-elements.ts'
import { podChainName } from './names.ts'
import { addressType, familyDigit, type Variant, VARIANTS } from './rule-text.ts'
import { goTo, jump, rule } from './rule-value.ts'
import type { ChainValue, Jump, SetValue } from './ruleset.ts'

/** The verdict map that leads a packet to the chain of a pod: requests and replies show the pod at opposite ends. */
export function dispatchMap(direction: Direction, family: Family, variant: Variant): string {
  return `${direction === 'ingress' ? 'in' : 'eg'}${familyDigit(family)}${variant === 'reply' ? '-reply' : ''}`
}

/** The sets and maps that always stand, empty. */
export function baseSets(): readonly SetValue[] {
  return FAMILIES.flatMap((family) => {
    const address = addressType(family)
    const digit = familyDigit(family)
    const base = { interval: false, elements: new Set<string>() }
    return [
      {
        ...base,
        kind: 'set' as const,
        name: `iso${digit}`,
        type: [address],
        comment: 'local pods that a policy isolates',
      },
      {
        ...base,
        kind: 'set' as const,
        name: `self${digit}`,
        type: [address, address],
        comment: 'a pod reaches itself',
      },
      ...DIRECTIONS.flatMap((direction) =>
        VARIANTS.map((variant) => ({
          ...base,
          kind: 'map' as const,
          name: dispatchMap(direction, family, variant),
          type: [address],
          comment: `${direction} of isolated pods, ${variant === 'request' ? 'requests' : 'replies judged again'}`,
        })),
      ),
    ]
  })
}

/** Their names: what happens in them is isolation begun or ended, not a grant. */
export const BASE_SETS: ReadonlySet<string> = new Set(baseSets().map(({ name }) => name))

/** The class chains of one isolated direction of a pod, for both ways of the packet. */
export type ClassChains = Readonly<Record<Variant, string>>

/** One isolated address: whose it is (for people), and its classes; an undefined direction is open. */
export interface IsolatedAddress {
  /** False: nobody isolates it, its classes only ask. Then a pod still reaches itself, and invalid packets are its own affair. */
  readonly isIsolated: boolean
  readonly address: string
  readonly family: Family
  readonly label: string
  readonly classes: Readonly<Record<Direction, ClassChains | undefined>>
}

/** What an isolated address has in the table: elements of the base sets, by set, and chains of its own. */
export interface IsolationValues {
  readonly elements: ReadonlyMap<string, string>
  /** What the elements of maps are printed from: by map, where the address leads. */
  readonly jumps: ReadonlyMap<string, Jump>
  readonly chains: readonly ChainValue[]
}

/**
 * The map's element points to a chain of the address's own, so that a change of class rewrites that chain and never
 * touches the element: a look-up that misses in between would mean `open`.
 */
export function isolationValues({ isIsolated, address, family, label, classes }: IsolatedAddress): IsolationValues {
  const digit = familyDigit(family)
  const elements = new Map([
    ...(isIsolated ? [[`iso${digit}`, address] as const] : []),
    [`self${digit}`, `${address} . ${address}`],
  ])
  const jumps = new Map<string, Jump>()
  const chains: ChainValue[] = []
  for (const direction of DIRECTIONS) {
    for (const variant of VARIANTS) {
      const target = classes[direction]?.[variant]
      if (target === undefined) continue
      const map = dispatchMap(direction, family, variant)
      const name = podChainName(map, address)
      const lead = jump(name)
      jumps.set(map, lead)
      elements.set(map, mapElement(address, lead))
      chains.push({ name, rules: [{ ...rule(goTo(target)), comment: commentText(label) }] })
    }
  }
  return { elements, jumps, chains }
}
