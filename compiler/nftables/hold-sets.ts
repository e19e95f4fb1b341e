import { FAMILIES, type Family } from '../addresses/address.ts'
import type { Sandbox } from '../objects/sandbox.ts'
import type { RulesetOptions } from './options.ts'
import { addressType, familyDigit } from './rule-text.ts'
import type { Ruleset, SetValue } from './ruleset.ts'
import { noSteps, transactionText } from './transaction-text.ts'

/** `local`: whose pod is known and whose isolation stands. `starting`: of a pod that is about to start, and not known yet. */
export type HoldSetName = 'local' | 'starting'

const COMMENTS: Readonly<Record<HoldSetName, string>> = {
  local: 'pods of this node, as they are known',
  starting: 'addresses that the runtime has given to pods not known yet',
}

export function holdSet(name: HoldSetName, family: Family): string {
  return `${name}${familyDigit(family)}`
}

/** In it while an agent is there: the kernel's clock takes out what no agent puts in again. */
export const AGENT_SET = 'agent'
const SIGN_OF_LIFE = ['ipv4', 'ipv6']
/** Far more than stand: what has timed out keeps its room until the kernel collects it, and a full set refuses the next sign (ENFILE). */
const MOST_SIGNS = 64

/** The sets of the hold, with nobody's address; they stand while it is on. */
export function holdSets({ holdOpenAfterSeconds: timeoutSeconds }: RulesetOptions): readonly SetValue[] {
  const sets = addressSets()
  if (timeoutSeconds === undefined) return sets
  const recorded = { size: MOST_SIGNS, timeoutSeconds }
  const named = { kind: 'set' as const, name: AGENT_SET, type: ['nf_proto'], interval: false }
  return [...sets, { ...named, recorded, comment: 'an agent is there', elements: new Set(SIGN_OF_LIFE) }]
}

/** A transaction by which an agent says that it is there. */
export function signOfLife(): string {
  const addedElements = new Map([[AGENT_SET, SIGN_OF_LIFE]])
  return transactionText({ ...noSteps(), emptiedSets: [AGENT_SET] }) + transactionText({ ...noSteps(), addedElements })
}

/** The same where one is still said to be there; else it is refused, and what the kernel's clock has opened stays open. */
export function renewedSign(): string {
  const removedElements = new Map([[AGENT_SET, SIGN_OF_LIFE]])
  const addedElements = new Map([[AGENT_SET, SIGN_OF_LIFE]])
  return transactionText({ ...noSteps(), removedElements, addedElements })
}

function addressSets(): readonly SetValue[] {
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
export const HOLD_SETS: ReadonlySet<string> = new Set([AGENT_SET, ...addressSets().map(({ name }) => name)])

/** Those whose addresses pass. */
export const LOCAL_SETS: ReadonlySet<string> = new Set(FAMILIES.map((family) => holdSet('local', family)))

/** What the API gives out, and the kubelet's own of static pods; nothing that could end a comment. */
const NOTABLE = /^[\w.-]{1,64}$/
const BESIDE = ' comment "'

/**
 * An address that passes, as an element. Beside it stands the uid of its pod, as the runtime has it: so an agent that comes later sees that
 * another pod has the address by now.
 */
export function localElement(address: string, uid: string): string {
  return NOTABLE.test(uid) ? `${address}${BESIDE}${uid}"` : address
}

/** The address of such an element. */
export function localAddress(element: string): string {
  return element.split(BESIDE, 1)[0] ?? element
}

/** Do two elements of one address speak of two pods? One beside which none is noted speaks of any. */
export function isOfAnotherPod(one: string, other: string): boolean {
  return one !== other && one.includes(BESIDE) && other.includes(BESIDE)
}

/** What stands in the sets of addresses that pass and is of another pod than the one that has the address now; by set. */
export function reusedElements(
  standing: Ruleset,
  sandboxes: readonly Pick<Sandbox, 'uid' | 'addresses'>[],
): ReadonlyMap<string, readonly string[]> {
  const now = byAddress(sandboxes.flatMap(({ uid, addresses }) => addresses.map((one) => localElement(one, uid))))
  return standingElements(standing, (element) => {
    const claimed = now.get(localAddress(element))
    return claimed !== undefined && isOfAnotherPod(element, claimed)
  })
}

/** What stands in the sets of addresses that pass and is not what is to pass now: another pod's, or nobody's; by set. */
export function endedElements(
  standing: Ruleset,
  wanted: ReadonlyMap<string, SetValue>,
): ReadonlyMap<string, readonly string[]> {
  const now = byAddress([...LOCAL_SETS].flatMap((name) => [...(wanted.get(name)?.elements ?? [])]))
  return standingElements(standing, (element) => {
    const known = now.get(localAddress(element))
    return known === undefined || isOfAnotherPod(element, known)
  })
}

function byAddress(elements: readonly string[]): ReadonlyMap<string, string> {
  return new Map(elements.map((element) => [localAddress(element), element]))
}

/** Those of the sets of addresses that pass for which it holds; by set, without empty ones. */
function standingElements(
  standing: Ruleset,
  holds: (element: string) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const name of LOCAL_SETS) {
    const own = [...(standing.sets.get(name)?.elements ?? [])].filter(holds)
    if (own.length > 0) found.set(name, own)
  }
  return found
}

/** A transaction that lets these addresses pass the hold, as the sets are to have them, whether they do already or not; empty for none. */
export function addedAddresses(addresses: readonly string[], wanted: ReadonlyMap<string, SetValue>): string {
  const asked = new Set(addresses)
  const addedElements = new Map<string, readonly string[]>()
  for (const name of LOCAL_SETS) {
    const own = [...(wanted.get(name)?.elements ?? [])].filter((element) => asked.has(localAddress(element)))
    if (own.length > 0) addedElements.set(name, own)
  }
  return transactionText({ ...noSteps(), addedElements })
}
