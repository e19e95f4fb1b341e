import { FAMILIES, type Family } from '../addresses/address.ts'
import { addressType, familyDigit } from './rule-text.ts'
import type { SetValue } from './ruleset.ts'

/** `local`: whose pod is known and whose isolation stands. `starting`: of a pod that is about to start, and not known yet. */
export type HoldSetName = 'local' | 'starting'

const COMMENTS: Readonly<Record<HoldSetName, string>> = {
  local: 'pods of this node, as they are known',
  starting: 'addresses that the runtime has given to pods not known yet',
}

export function holdSet(name: HoldSetName, family: Family): string {
  return `${name}${familyDigit(family)}`
}

/** The sets of the hold, empty; they stand while it is on. */
export function holdSets(): readonly SetValue[] {
  return FAMILIES.flatMap((family) =>
    (['local', 'starting'] as const).map((name) => ({
      kind: 'set' as const,
      name: holdSet(name, family),
      type: [addressType(family)],
      interval: false,
      comment: COMMENTS[name],
      elements: new Set<string>(),
    })),
  )
}

/** Their names: what happens in them is neither a grant nor isolation. */
export const HOLD_SETS: ReadonlySet<string> = new Set(holdSets().map(({ name }) => name))

/** Those whose addresses pass. */
export const LOCAL_SETS: ReadonlySet<string> = new Set(FAMILIES.map((family) => holdSet('local', family)))
