import { changedTerms } from '../nftables/changed-terms.ts'
import { formulaType, isShared, type SetFormula } from '../nftables/set-formula.ts'
import type { ElementChange, SetValue } from '../nftables/ruleset.ts'
import type { MembershipIndex } from '../selectors/membership-index.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import { changedElements } from './changed-elements.ts'
import type { PodEntry } from './pod-entry.ts'
import { podElements } from './set-elements.ts'
import { changeFormula, createSetNode, type SetNode } from './set-node.ts'

/** The sets whose elements are pods: which are in use, by how many classes, and what each holds. */
export interface SetRegistry {
  /** Of a set that is named by its place the formula that was told last is the one that holds. */
  acquire(formula: SetFormula): void
  letGo(formula: SetFormula): void
  /** The elements of these pods, by set: taken before and after a batch, the difference is the change. */
  contributions(entries: Iterable<PodEntry>): Contributions
  /** Ends a batch about these pods: what came, what went, and how the sets that stayed changed. */
  takeChanges(affected: ReadonlySet<PodEntry>, before: Contributions, after: Contributions): SetChanges
  get(name: string): SetValue | undefined
  values(): Iterable<SetValue>
}

export type Contributions = ReadonlyMap<SetNode, ReadonlySet<string>>

export interface SetChanges {
  readonly created: readonly SetValue[]
  readonly deleted: readonly SetValue[]
  readonly elements: ReadonlyMap<string, ElementChange>
  /** Some pod of the batch left some set that stood, be it one that goes with it: what admitted it may not any more. */
  readonly loses: boolean
}

/** An empty registry over the index of peers. */
export function createSetRegistry(peers: MembershipIndex<PodEntry>): SetRegistry {
  const nodes = new Map<string, SetNode>()
  const byGroup = new Map<string, Set<SetNode>>()
  const touched = new Set<SetNode>()

  function* membersOf(group: PeerGroup, less: ReadonlySet<PodEntry> = NONE): Iterable<PodEntry> {
    for (const { members } of peers.use(group).buckets) {
      for (const entry of members) if (!less.has(entry)) yield entry
    }
  }

  function elementsOf(node: SetNode): ReadonlySet<string> {
    const elements = new Set<string>()
    for (const { group, terms } of node.parts.values()) {
      for (const entry of membersOf(group)) {
        for (const element of podElements(entry, node.formula, terms)) elements.add(element)
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

  function hold(node: SetNode, group: PeerGroup): void {
    peers.use(group)
    const users = byGroup.get(group.key)
    if (users === undefined) byGroup.set(group.key, new Set([node]))
    else users.add(node)
  }

  function drop(node: SetNode, key: string): void {
    const users = byGroup.get(key)
    users?.delete(node)
    if (users?.size !== 0) return
    byGroup.delete(key)
    peers.drop(key)
  }

  /** Groups that it says nothing of any more are held until the batch ends: their members are asked what else they have. */
  function replaceFormula(node: SetNode, formula: SetFormula): void {
    const changed = changedTerms(node.formula, formula)
    changeFormula(node, formula, changed)
    for (const { group } of changed.added) hold(node, group)
  }

  function endBatch(node: SetNode): void {
    const isUsed = node.users > 0
    for (const { group } of node.changed.removed) {
      if (!isUsed || !node.parts.has(group.key)) drop(node, group.key)
    }
    if (!isUsed) {
      nodes.delete(node.formula.name)
      for (const key of node.parts.keys()) drop(node, key)
    }
    node.changed.added.clear()
    node.changed.removed.clear()
    node.standing = isUsed
  }

  return {
    acquire(formula) {
      let node = nodes.get(formula.name)
      if (node === undefined) {
        node = createSetNode(formula)
        nodes.set(formula.name, node)
        for (const { group } of node.parts.values()) hold(node, group)
      } else if (node.formula !== formula && !isShared(formula)) replaceFormula(node, formula)
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
            const part = node.parts.get(group.key)
            if (part === undefined) continue
            let elements = held.get(node)
            if (elements === undefined) held.set(node, (elements = new Set()))
            for (const element of podElements(entry, node.formula, part.terms)) elements.add(element)
          }
        }
      }
      return held
    },

    takeChanges(affected, before, after) {
      const created: SetValue[] = []
      const deleted: SetValue[] = []
      for (const node of touched) {
        if (node.users > 0 && !node.standing) created.push(value(node, elementsOf(node)))
        if (node.users === 0 && node.standing) deleted.push(value(node, new Set()))
      }
      const elements = new Map<string, ElementChange>()
      let loses = false
      for (const node of new Set([...before.keys(), ...after.keys(), ...touched])) {
        if (!node.standing) continue
        const old = before.get(node) ?? new Set()
        const now = after.get(node) ?? new Set()
        const added = [...now].filter((element) => !old.has(element))
        const removed = [...old].filter((element) => !now.has(element))
        loses ||= removed.length > 0
        if (node.users === 0) continue
        if (node.changed.added.size + node.changed.removed.size > 0) {
          const byFormula = changedElements(node, (group) => membersOf(group, affected))
          for (const element of byFormula.added) added.push(element)
          for (const element of byFormula.removed) removed.push(element)
        }
        if (added.length + removed.length > 0) elements.set(node.formula.name, { added, removed })
      }
      for (const node of touched) endBatch(node)
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

const NONE: ReadonlySet<PodEntry> = new Set()
const NO_ELEMENTS: ReadonlySet<string> = new Set()
