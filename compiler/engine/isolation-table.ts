import type { Isolation } from '../graph/allow-graph.ts'
import { podName } from '../objects/pod-name.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import type { PolicyState } from '../objects/policy-mode.ts'
import { grantsCover } from '../graph/grants-cover.ts'
import type { Anchor } from '../nftables/anchor.ts'
import { isolationValues, type IsolationValues } from '../nftables/base-sets.ts'
import { type ChainValue, type ElementChange, type Jump, sameRules } from '../nftables/ruleset.ts'
import { jumpsOf } from '../nftables/rule-value.ts'
import type { ClassNode, ClassRegistry } from './class-registry.ts'
import type { PodEntry } from './pod-entry.ts'
import { familyOf } from '../addresses/family-of.ts'

/** The isolated addresses of the node, and those of which a policy only asks, each with its classes and what stands for it. */
export interface IsolationTable {
  /** Looks at these addresses again: who owns each now, if anybody of this node, and how that pod is isolated. */
  update(addresses: Iterable<string>, ownerOf: (address: string) => PodEntry | undefined): IsolationChanges
  /** Is no address isolated? */
  isEmpty(): boolean
  isIsolated(address: string): boolean
  /** Is some address asked what an audited policy would deny? */
  asksAny(): boolean
  /** The chains of addresses whose classes read one of these sets of pods. */
  readersOf(sets: ReadonlySet<string>): readonly ChainValue[]
  /** The classes of every isolated address. */
  classes(): Iterable<readonly [address: string, classes: Row['classes']]>
  /** A chain of one address, by name. */
  chain(name: string): ChainValue | undefined
  /** Elements of the base sets, and chains, of all rows. */
  values(): {
    readonly elements: ReadonlyMap<string, readonly string[]>
    /** What the elements of maps are printed from, by map. */
    readonly targets: ReadonlyMap<string, ReadonlyMap<string, Jump>>
    readonly chains: readonly ChainValue[]
  }
}

export interface IsolationChanges {
  readonly elements: ReadonlyMap<string, ElementChange>
  readonly createdChains: readonly ChainValue[]
  readonly rewrittenChains: readonly { readonly before: ChainValue; readonly after: ChainValue }[]
  readonly deletedChains: readonly ChainValue[]
  readonly narrows: boolean
}

interface Row {
  readonly isIsolated: boolean
  readonly classes: Readonly<Record<Direction, ClassNode | undefined>>
  readonly values: IsolationValues
}

const NO_ROW: Row = {
  isIsolated: false,
  classes: { ingress: undefined, egress: undefined },
  values: { elements: new Map(), jumps: new Map(), chains: [] },
}

function isAsked({ classes }: Row): boolean {
  return DIRECTIONS.some((direction) => classes[direction]?.state === 'audited')
}

/** An empty table. */
export function createIsolationTable(
  classes: ClassRegistry,
  anchorOf: (entry: PodEntry, direction: Direction, state: PolicyState) => Anchor,
): IsolationTable {
  const rows = new Map<string, Row>()
  const counts = { isolated: 0, asked: 0 }
  const podChains = new Map<string, ChainValue>()

  function rowOf(address: string, owner: PodEntry | undefined): Row {
    if (owner === undefined) return NO_ROW
    const { ingress, egress, audited } = owner.isolated
    const isIsolated = ingress !== 'open' || egress !== 'open'
    if (!isIsolated && audited === undefined) return NO_ROW
    const family = familyOf(address)
    const classOf = (direction: Direction): ClassNode | undefined => {
      const isolation = owner.isolated[direction]
      // Where an enforced policy isolates, one that is only asked could add to what passes, and what is denied is noted anyway.
      const [grants, state]: readonly [Isolation, PolicyState] =
        isolation === 'open' ? [audited?.[direction] ?? 'open', 'audited'] : [isolation, 'enforced']
      if (grants === 'open') return undefined
      return classes.acquire(grants, direction, family, state, () => anchorOf(owner, direction, state))
    }
    const acquired = { ingress: classOf('ingress'), egress: classOf('egress') }
    const chains = { ingress: acquired.ingress?.chains, egress: acquired.egress?.chains }
    if (acquired.ingress === undefined && acquired.egress === undefined) return NO_ROW
    return {
      isIsolated,
      classes: acquired,
      values: isolationValues({ isIsolated, address, family, label: podName(owner.pod), classes: chains }),
    }
  }

  return {
    update(addresses, ownerOf) {
      const changed: { readonly before: Row; readonly after: Row }[] = []
      for (const address of new Set(addresses)) {
        const before = rows.get(address) ?? NO_ROW
        const after = rowOf(address, ownerOf(address))
        if (after === NO_ROW) rows.delete(address)
        else rows.set(address, after)
        counts.isolated += Number(after.isIsolated) - Number(before.isIsolated)
        counts.asked += Number(isAsked(after)) - Number(isAsked(before))
        if (before !== after) changed.push({ before, after })
      }
      // Only now, so that what one row lets go and another takes up never leaves the table in between.
      for (const { before } of changed) {
        for (const direction of DIRECTIONS) {
          const node = before.classes[direction]
          if (node !== undefined) classes.letGo(node)
        }
      }
      const changes = compareRows(changed)
      for (const { name } of changes.deletedChains) podChains.delete(name)
      for (const chain of changes.createdChains) podChains.set(chain.name, chain)
      for (const { after } of changes.rewrittenChains) podChains.set(after.name, after)
      return changes
    },

    isEmpty: () => counts.isolated === 0,
    asksAny: () => counts.asked > 0,
    isIsolated: (address) => rows.get(address)?.isIsolated === true,
    readersOf(sets) {
      const readers: ChainValue[] = []
      for (const { classes: ofRow, values } of rows.values()) {
        const targets = new Set<string>()
        for (const direction of DIRECTIONS) {
          for (const { chain, formulas } of ofRow[direction]?.layouts ?? []) {
            if (formulas.some(({ name }) => sets.has(name))) targets.add(chain)
          }
        }
        if (targets.size === 0) continue
        for (const chain of values.chains) {
          if (chain.rules.some((rule) => jumpsOf(rule).some((jump) => targets.has(jump.chain)))) readers.push(chain)
        }
      }
      return readers
    },

    *classes() {
      for (const [address, { classes: ofRow }] of rows) yield [address, ofRow] as const
    },

    chain: (name) => podChains.get(name),

    values() {
      const elements = new Map<string, string[]>()
      const targets = new Map<string, Map<string, Jump>>()
      const chains: ChainValue[] = []
      for (const [address, { values }] of rows) {
        for (const chain of values.chains) chains.push(chain)
        for (const [set, element] of values.elements) {
          const list = elements.get(set)
          if (list === undefined) elements.set(set, [element])
          else list.push(element)
        }
        for (const [map, jump] of values.jumps) {
          const ofMap = targets.get(map)
          if (ofMap === undefined) targets.set(map, new Map([[address, jump]]))
          else ofMap.set(address, jump)
        }
      }
      return { elements, targets, chains }
    },
  }
}

function compareRows(changed: readonly { readonly before: Row; readonly after: Row }[]): IsolationChanges {
  const elements = new Map<string, { added: string[]; removed: string[] }>()
  const createdChains: ChainValue[] = []
  const rewrittenChains: { before: ChainValue; after: ChainValue }[] = []
  const deletedChains: ChainValue[] = []
  const narrower = createNarrower()
  let narrows = false
  const changeOf = (set: string) => {
    let change = elements.get(set)
    if (change === undefined) elements.set(set, (change = { added: [], removed: [] }))
    return change
  }
  for (const { before, after } of changed) {
    // An address has at most one element in a set, and it depends on the address alone.
    for (const [set, element] of after.values.elements) {
      if (!before.values.elements.has(set)) changeOf(set).added.push(element)
    }
    for (const [set, element] of before.values.elements) {
      if (!after.values.elements.has(set)) changeOf(set).removed.push(element)
    }
    const left = new Map(before.values.chains.map((chain) => [chain.name, chain]))
    for (const chain of after.values.chains) {
      const old = left.get(chain.name)
      left.delete(chain.name)
      if (old === undefined) createdChains.push(chain)
      else if (!sameRules(old, chain)) rewrittenChains.push({ before: old, after: chain })
    }
    for (const chain of left.values()) deletedChains.push(chain)
    narrows ||= DIRECTIONS.some((direction) => narrower(before.classes[direction], after.classes[direction]))
  }
  return { elements, createdChains, rewrittenChains, deletedChains, narrows }
}

/**
 * May the new class deny something that the old one allowed? An undefined class is open. Each pair is compared once. One that only
 * asks denies nothing, but has to be asked of live flows too, as if it did.
 */
function createNarrower(): (before: ClassNode | undefined, after: ClassNode | undefined) => boolean {
  const answers = new Map<ClassNode, Map<ClassNode, boolean>>()
  return (before, after) => {
    if (after === undefined || before === after) return false
    if (before === undefined) return true
    if (before.state === 'audited' && after.state === 'enforced') return true
    let ofBefore = answers.get(before)
    if (ofBefore === undefined) answers.set(before, (ofBefore = new Map()))
    let answer = ofBefore.get(after)
    if (answer === undefined) ofBefore.set(after, (answer = !grantsCover(after.grants, before.grants)))
    return answer
  }
}
