import type { Outcome, Packet, Tracked } from './packet.ts'
import type { Rule, StepResult } from './rule.ts'
import type { Chain, Hook, TableView } from './table-state.ts'
import { createWalk, type Walk } from './walk.ts'

/** A loaded table has no loops; a torn one might, and must not hang the test. */
const MOST_CHAINS_ENTERED = 1_000

/** Sends a packet through the base chains of the hook. Every one must accept; the first other verdict is the end. */
export function runPacket(view: TableView, packet: Packet, tracked: Tracked, hook: Hook = 'forward'): Outcome {
  const { state, full = NONE } = view
  if (state === undefined) return { verdict: 'accept', mark: tracked.mark, chain: '', recorded: [] }
  const walk = createWalk(packet, tracked, { sets: state.sets, full }, hook !== 'output')
  let outcome: Outcome = { verdict: 'accept', mark: walk.mark, chain: '', recorded: [] }
  for (const base of baseChains(state.chains, hook)) {
    const { verdict, chain } = walkChains(state.chains, base, walk)
    outcome = { verdict, mark: walk.mark, chain, recorded: walk.recorded }
    if (verdict !== 'accept') break
  }
  return outcome
}

const NONE: ReadonlySet<string> = new Set()

const byHook = new WeakMap<ReadonlyMap<string, Chain>, Map<Hook, readonly Chain[]>>()

/** In the order of their priorities; looked for once a table. */
function baseChains(chains: ReadonlyMap<string, Chain>, hook: Hook): readonly Chain[] {
  const hooks = byHook.get(chains) ?? new Map<Hook, readonly Chain[]>()
  byHook.set(chains, hooks)
  const known = hooks.get(hook)
  if (known !== undefined) return known
  const found = [...chains.values()]
    .filter(({ base }) => base?.hook === hook)
    .sort((left, right) => (left.base?.priority ?? 0) - (right.base?.priority ?? 0))
  hooks.set(hook, found)
  return found
}

/** The loop of nft_do_chain: a jump is remembered, a goto is not, a return or the end goes back to the last jump. */
function walkChains(chains: ReadonlyMap<string, Chain>, base: Chain, walk: Walk): Pick<Outcome, 'verdict' | 'chain'> {
  const jumps: { readonly chain: Chain; readonly next: number }[] = []
  let chain = base
  let next = 0
  let entered = 0
  for (;;) {
    const rule = chain.rules[next]
    const result = rule === undefined ? { kind: 'return' as const } : runRule(rule, walk)
    next += 1
    if (result === 'break' || result === 'next') continue
    switch (result.kind) {
      case 'accept':
      case 'drop':
      case 'reject':
        return { verdict: result.kind, chain: chain.name }
      case 'jump':
      case 'goto': {
        const target = chains.get(result.chain)
        if (target === undefined) throw new Error(`a verdict leads to the chain ${result.chain}, which is not there`)
        entered += 1
        if (entered > MOST_CHAINS_ENTERED) throw new Error(`no end: ${chain.name} → ${target.name}`)
        if (result.kind === 'jump') jumps.push({ chain, next })
        chain = target
        next = 0
        break
      }
      case 'return': {
        const back = jumps.pop()
        if (back === undefined) return { verdict: base.base?.policy ?? 'accept', chain: base.name }
        chain = back.chain
        next = back.next
      }
    }
  }
}

function runRule(rule: Rule, walk: Walk): StepResult {
  for (const step of rule.steps) {
    const result = step(walk)
    if (result !== 'next') return result
  }
  return 'next'
}
