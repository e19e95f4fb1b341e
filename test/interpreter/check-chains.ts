import type { Draft } from './draft.ts'
import type { Hook } from './table-state.ts'
import { TextError } from './text-error.ts'
import { verdictTarget } from './verdict.ts'

/** NFT_JUMP_STACK_SIZE: so many chains may stand one behind the other, the base chain and each goto counted. */
const MOST_CHAINS = 16

/** Where the kernel lets a packet be answered (nft_reject_inet_validate, 5.9). */
const REJECT_HOOKS: readonly Hook[] = ['prerouting', 'input', 'forward', 'output']

/**
 * What the kernel checks when a transaction is committed: no loop, not too deep, reject only where it works. Loops that
 * no base chain leads to are refused too, as kernels before 6.11 do.
 */
export function checkChains(draft: Draft): void {
  const depths = new Map<string, number>()
  const open = new Set<string>()
  const rejecting = new Set<string>()

  const depthOf = (name: string): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    if (open.has(name)) throw new TextError(`Too many links: a loop ${[...open, name].join(' → ')}`, 0, '')
    open.add(name)
    let deepest = 0
    for (const target of targetsOf(draft, name)) {
      deepest = Math.max(deepest, depthOf(target))
      if (rejecting.has(target)) rejecting.add(name)
    }
    if (draft.chains.get(name)?.rules.some(({ rejects }) => rejects)) rejecting.add(name)
    open.delete(name)
    depths.set(name, deepest + 1)
    return deepest + 1
  }

  for (const { name, base } of draft.chains.values()) {
    const depth = depthOf(name)
    if (base === undefined) continue
    if (depth > MOST_CHAINS) throw new TextError(`Too many links: ${depth} chains in a row from ${name}`, 0, '')
    if (rejecting.has(name) && !REJECT_HOOKS.includes(base.hook)) {
      throw new TextError(`Operation not supported: reject at ${base.hook}`, 0, '')
    }
  }
}

/** The chains that packets may go to from this one. */
function targetsOf(draft: Draft, name: string): ReadonlySet<string> {
  const targets = new Set<string>()
  for (const rule of draft.chains.get(name)?.rules ?? []) {
    if (rule.target !== undefined) targets.add(rule.target)
    for (const lookup of rule.lookups) {
      if (lookup.kind === 'set') continue
      for (const { verdict } of draft.sets.get(lookup.set)?.elements.values() ?? []) {
        const target = verdictTarget(verdict)
        if (target !== undefined) targets.add(target)
      }
    }
  }
  return targets
}
