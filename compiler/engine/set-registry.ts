import { type EndpointTerm, formulaType, type SetFormula } from '../nftables/set-formula.ts'
import type { ElementChange, SetValue } from '../nftables/ruleset.ts'
import type { MembershipIndex } from '../selectors/membership-index.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import type { PodEntry } from './pod-entry.ts'
import { podElements } from './set-elements.ts'

/** The sets whose elements are pods: which are in use, by how many classes, and what each holds. */
export interface SetRegistry {
  acquire(formula: SetFormula): void
  letGo(formula: SetFormula): void
  /** The elements of these pods, by set: taken before and after a batch, the difference is the change. */
  contributions(entries: Iterable<PodEntry>): Contributions
  /** Ends a batch: what came, what went, and how the sets that stayed changed. */
  takeChanges(before: Contributions, after: Contributions): SetChanges
  get(name: string): SetValue | undefined
  values(): Iterable<SetValue>
}

export type Contributions = ReadonlyMap<SetNode, ReadonlySet<string>>

export interface SetChanges {
  readonly created: readonly SetValue[]
  readonly deleted: readonly SetValue[]
  readonly elements: ReadonlyMap<string, ElementChange>
  /** Some pod left some set that stood, be it one that goes with the batch: what admitted it may not any more. */
  readonly loses: boolean
}

interface SetNode {
  readonly formula: SetFormula
  /** The formula's groups, each once, with the terms that speak of it; no terms in an address set. */
  readonly parts: ReadonlyMap<string, GroupPart>
  users: number
  /** It stood when the batch began. */
  standing: boolean
}

interface GroupPart {
  readonly group: PeerGroup
  readonly terms: readonly EndpointTerm[]
}

/** An empty registry over the index of peers. */
export function createSetRegistry(peers: MembershipIndex<PodEntry>): SetRegistry {
  const nodes = new Map<string, SetNode>()
  const byGroup = new Map<string, Set<SetNode>>()
  const touched = new Set<SetNode>()

  function elementsOf(node: SetNode): ReadonlySet<string> {
    const elements = new Set<string>()
    for (const { group, terms } of node.parts.values()) {
      for (const bucket of peers.use(group).buckets) {
        for (const entry of bucket.members) {
          for (const element of podElements(entry, node.formula, terms)) elements.add(element)
        }
      }
    }
    return elements
  }

  function value(node: SetNode, elements: ReadonlySet<string>): SetValue {
    const { formula } = node
    return {
      kind: 'set',
      name: formula.name,
      type: formulaType(formula),
      interval: formula.kind === 'endpoints' && formula.interval,
      comment: formula.comment,
      elements,
    }
  }

  function forget(node: SetNode): void {
    nodes.delete(node.formula.name)
    for (const key of node.parts.keys()) {
      const users = byGroup.get(key)
      users?.delete(node)
      if (users?.size !== 0) continue
      byGroup.delete(key)
      peers.drop(key)
    }
  }

  return {
    acquire(formula) {
      let node = nodes.get(formula.name)
      if (node === undefined) {
        node = { formula, parts: partsOf(formula), users: 0, standing: false }
        nodes.set(formula.name, node)
        for (const { group } of node.parts.values()) {
          peers.use(group)
          const users = byGroup.get(group.key)
          if (users === undefined) byGroup.set(group.key, new Set([node]))
          else users.add(node)
        }
      }
      node.users += 1
      touched.add(node)
    },

    letGo(formula) {
      const node = nodes.get(formula.name)
      if (node === undefined) throw new Error(`let go of a set that nobody holds: ${formula.name}`)
      node.users -= 1
      touched.add(node)
    },

    contributions(entries) {
      const held = new Map<SetNode, Set<string>>()
      for (const entry of entries) {
        for (const { group } of entry.peerBucket?.groups ?? []) {
          for (const node of byGroup.get(group.key) ?? []) {
            let elements = held.get(node)
            if (elements === undefined) held.set(node, (elements = new Set()))
            for (const element of podElements(entry, node.formula, node.parts.get(group.key)?.terms ?? []))
              elements.add(element)
          }
        }
      }
      return held
    },

    takeChanges(before, after) {
      const created: SetValue[] = []
      const deleted: SetValue[] = []
      for (const node of touched) {
        if (node.users > 0 && !node.standing) created.push(value(node, elementsOf(node)))
        if (node.users === 0) {
          if (node.standing) deleted.push(value(node, new Set()))
          forget(node)
        }
      }
      const elements = new Map<string, ElementChange>()
      let loses = false
      for (const node of new Set([...before.keys(), ...after.keys()])) {
        if (!node.standing) continue
        const old = before.get(node) ?? new Set()
        const now = after.get(node) ?? new Set()
        const added = [...now].filter((element) => !old.has(element))
        const removed = [...old].filter((element) => !now.has(element))
        loses ||= removed.length > 0
        if (node.users > 0 && added.length + removed.length > 0) elements.set(node.formula.name, { added, removed })
      }
      for (const node of touched) node.standing = node.users > 0
      touched.clear()
      return { created, deleted, elements, loses }
    },

    get(name) {
      const node = nodes.get(name)
      if (node === undefined) return undefined
      // Whoever walks rules asks for the kind of each set; making the elements of large ones costs more than all the rest.
      return {
        ...value(node, NO_ELEMENTS),
        get elements() {
          return elementsOf(node)
        },
      }
    },

    *values() {
      for (const node of nodes.values()) yield value(node, elementsOf(node))
    },
  }
}

const NO_ELEMENTS: ReadonlySet<string> = new Set()

function partsOf(formula: SetFormula): ReadonlyMap<string, GroupPart> {
  if (formula.kind === 'addresses') return new Map(formula.groups.map((group) => [group.key, { group, terms: [] }]))
  const parts = new Map<string, { group: PeerGroup; terms: EndpointTerm[] }>()
  for (const term of formula.terms) {
    const part = parts.get(term.group.key)
    if (part === undefined) parts.set(term.group.key, { group: term.group, terms: [term] })
    else part.terms.push(term)
  }
  return parts
}
