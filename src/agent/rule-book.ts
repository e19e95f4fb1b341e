import { classCovers, type Covers } from '../../compiler/nftables/class-covers.ts'
import type { Counters } from '../../compiler/nftables/read-counters.ts'
import type { ClassUse } from '../../compiler/engine/class-use.ts'
import type { RuleUse } from '../../compiler/lint/rule-use.ts'
import { countedSince } from '../../compiler/flows/counted-since.ts'
import { contributes, mayHit } from '../../compiler/flows/rule-hits.ts'
import { DIRECTIONS } from '../../compiler/objects/direction.ts'
import type { Policy, PolicyRule } from '../../compiler/objects/objects.ts'
import { podName } from '../../compiler/objects/pod-name.ts'

/** Which rules of policies have let something pass on this node, added up over the classes in which they stood. */
export interface RuleBook {
  /**
   * What the kernel has counted, under classes as they stand. `generation`: under which live flows are remembered; one that is older than a
   * rule's chain never comes by there, so that whether it used the rule is not known before the next.
   */
  take(counters: Counters, uses: readonly ClassUse[], generation: number | undefined): void
  /** Are live flows to be judged again, since some rule has waited for that for an hour? True once an hour at most. */
  isDue(): boolean
  /** The table has been built anew: what it counted since the last reading nobody knows, and it begins at nothing. */
  tableIsNew(): void
  /** Each rule of these policies. */
  rows(policies: readonly Policy[]): readonly RuleUse[]
}

interface Known {
  /** Of its policy's text: what changes begins anew. */
  readonly content: string
  /** Milliseconds: from here on it is known whether it was used; undefined: live flows have not been judged since it came. */
  since: number | undefined
  readonly cameAt: number
  /** Of then. */
  readonly generation: number | undefined
  packets: number
  usedAt: number
  /** Who granted the same connections as well, so that nobody can say whose they were. */
  readonly also: Set<string>
}

/** A kernel's rule, and the classes that share it: a chain has the name of its content. */
interface Shared {
  readonly covers: Covers
  readonly uses: readonly ClassUse[]
}

const MOST_NAMED = 3
const HOUR = 3_600_000

/** `now`: milliseconds of a clock that never jumps. It remembers the rules of the policies that select pods of this node. */
export function createRuleBook(now: () => number): RuleBook {
  let known = new Map<string, Known>()
  let counted = new Map<string, { readonly packets: number; readonly uses: readonly ClassUse[] }>()
  let askedAt = Number.NEGATIVE_INFINITY

  return {
    take(counters, uses, generation) {
      const at = now()
      const standing = new Map<string, Known>()
      for (const { key, rule } of [...new Set(uses.flatMap(({ policies }) => policies))].flatMap(rulesOf)) {
        const content = contentOf(rule)
        const before = known.get(key)
        const state = before?.content === content ? before : fresh(content, at, generation)
        if (state.generation !== generation) state.since ??= at
        standing.set(key, state)
      }
      known = standing
      const before = counted
      counted = new Map()
      for (const [place, shared] of sharedRules(uses)) {
        const { chain, index } = shared.covers
        const packets = counters.get(chain)?.[index]
        if (packets === undefined) continue
        counted.set(place, { packets, uses: shared.uses })
        const more = countedSince(before.get(place)?.packets, packets)
        if (more > 0) attribute(more, shared, at)
      }
      // What was counted since the last reading by a chain that has gone nobody knows.
      const gone = [...before].flatMap(([place, { uses: of }]) => (counted.has(place) ? [] : of))
      for (const use of new Set(gone)) {
        for (const { key } of rulesIn(use)) {
          const state = known.get(key)
          if (state !== undefined) known.set(key, { ...state, since: undefined, cameAt: at, generation })
        }
      }
    },

    isDue() {
      const at = now()
      const waits = [...known.values()].some(({ since, cameAt }) => since === undefined && at - cameAt > HOUR)
      if (!waits || at - askedAt < HOUR) return false
      askedAt = at
      return true
    },

    tableIsNew() {
      counted = new Map()
      // Whatever it remembered is forgotten: each flow is judged at its next packet.
      for (const state of known.values()) state.since = now()
    },

    rows(policies) {
      return policies.flatMap(rulesOf).map(({ policy, key, rule, direction }): RuleUse => {
        const found = known.get(key)
        const state = found?.content === contentOf(rule) ? found : fresh('', now(), undefined)
        const named = { policy, rule: `${direction}[${rule.index}]` }
        if (state.packets > 0)
          return { ...named, use: 'used', packets: state.packets, age: ageOf(state.usedAt), also: [] }
        if (state.also.size === 0) return { ...named, use: 'never', packets: 0, age: ageOf(state.since), also: [] }
        return { ...named, use: 'not known', packets: 0, age: ageOf(state.since), also: [...state.also].sort() }
      })
    },
  }

  function attribute(more: number, { covers, uses }: Shared, at: number): void {
    const rules = uses.flatMap((use) => rulesIn(use).map((one) => ({ ...one, pods: use.pods })))
    const makers = new Set(
      rules.filter(({ rule, direction, pods }) => contributes(rule, covers, direction, pods)).map(({ key }) => key),
    )
    for (const { key, rule, direction, pods } of rules) {
      const state = known.get(key)
      if (state === undefined || (makers.size === 1 && makers.has(key))) continue
      if (!mayHit(rule, covers, direction, pods)) continue
      for (const maker of makers) if (maker !== key && state.also.size < MOST_NAMED) state.also.add(maker)
    }
    const [only] = makers
    const state = makers.size === 1 ? known.get(only ?? '') : undefined
    if (state === undefined) return
    state.packets += more
    state.usedAt = at
  }

  function ageOf(at: number | undefined): number {
    return at === undefined ? 0 : Math.round((now() - at) / 1000)
  }
}

function fresh(content: string, at: number, generation: number | undefined): Known {
  return { content, since: undefined, cameAt: at, generation, packets: 0, usedAt: at, also: new Set() }
}

function rulesOf(policy: Policy) {
  return DIRECTIONS.flatMap((direction) => {
    const side = policy[direction]
    const name = podName(policy)
    return (side?.kind === 'rules' ? side.rules : []).map((rule) => ({
      policy: name,
      key: `${name} ${direction}[${rule.index}]`,
      rule,
      direction,
    }))
  })
}

const contents = new WeakMap<PolicyRule, string>()

function contentOf(rule: PolicyRule): string {
  const known = contents.get(rule)
  if (known !== undefined) return known
  const { place: _place, ...said } = rule
  const content = JSON.stringify(said, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
  contents.set(rule, content)
  return content
}

/** The rules that a class is made of. */
function rulesIn({ direction, policies }: ClassUse) {
  return policies.flatMap(rulesOf).filter((one) => one.direction === direction)
}

/** By `chain index`. */
function sharedRules(uses: readonly ClassUse[]): ReadonlyMap<string, Shared> {
  const shared = new Map<string, Shared>()
  for (const use of uses) {
    for (const covers of classCovers(use.chains, use.sets)) {
      const place = `${covers.chain} ${covers.index}`
      const known = shared.get(place)
      shared.set(
        place,
        known === undefined
          ? { covers, uses: [use] }
          : { covers: joinCovers(known.covers, covers), uses: [...known.uses, use] },
      )
    }
  }
  return shared
}

function joinCovers(left: Covers, right: Covers): Covers {
  const ports = left.ports === undefined || right.ports === undefined ? undefined : [...left.ports, ...right.ports]
  return { ...left, ports }
}
