import type { Finding } from './finding.ts'
import { markBits } from './mark-bits.ts'
import { findOtherEngines, type NamedObject, shorten } from './other-engines.ts'

interface Described {
  readonly family?: unknown
  readonly table?: unknown
  readonly name?: unknown
  readonly chain?: unknown
  readonly expr?: unknown
}

/** What stands beside our table; from the answer of `nft -j -t list ruleset`. */
export function checkRulesets(listing: unknown, markMask: number): readonly Finding[] {
  const named: NamedObject[] = []
  const flowtables = new Set<string>()
  const marks = new Set<string>()
  let firewalld = false
  for (const { kind, value } of foreignObjects(listing)) {
    const name = String(value.name)
    const place = `${String(value.family)} ${String(value.table)}`
    if (kind === 'table') {
      firewalld ||= name === 'firewalld'
      named.push({ kind, name, place: `of family ${String(value.family)}` })
    } else if (kind === 'chain') named.push({ kind, name, place: `in ${place}` })
    else if (kind === 'flowtable') flowtables.add(`${name} in ${place}`)
    else if (kind === 'rule' && usesMark(value.expr, markMask)) marks.add(`${String(value.chain)} in ${place}`)
  }
  return [
    ...findOtherEngines(named),
    ...sharedMark([...marks], markMask),
    ...flowtableFinding([...flowtables]),
    ...(firewalld ? [FIREWALLD] : []),
  ]
}

/** Are there sets in tables of others? Those are what an older nft may crash on. */
export function hasForeignSets(listing: unknown): boolean {
  return foreignObjects(listing).some(({ kind }) => kind === 'set' || kind === 'map')
}

/** Everything in the listing that is not of our table; what is no object is passed over, whoever made it. */
function foreignObjects(listing: unknown): readonly { readonly kind: string; readonly value: Described }[] {
  const objects = (listing as { nftables?: unknown } | null)?.nftables
  return (Array.isArray(objects) ? objects : []).flatMap((object: unknown) => {
    const [kind, value] = Object.entries((object ?? {}) as Record<string, Described | null>)[0] ?? []
    if (kind === undefined || typeof value !== 'object' || value === null || isOurs(kind, value)) return []
    return [{ kind, value }]
  })
}

/** Chains of other engines, and rules on the mark, in what `iptables-legacy-save` printed. */
export function checkLegacyRules(saved: string, markMask: number): readonly Finding[] {
  const chains = [...saved.matchAll(/^:(\S+)/gm)].map(
    ([, name = '']): NamedObject => ({ kind: 'chain', name, place: 'in legacy iptables' }),
  )
  const marks = [...saved.matchAll(/^-A (\S+) .*\b(?:CONNMARK|connmark) .*$/gm)].filter(([rule]) => {
    // --set-xmark VALUE/MASK, --ctmask MASK, --mark VALUE/MASK; without a mask all bits.
    const masks = [...rule.matchAll(/(?:mark 0x[0-9a-f]+\/|ctmask )(0x[0-9a-f]+)/g)].map(([, mask]) => Number(mask))
    return masks.length === 0 || masks.some((mask) => (mask & markMask) !== 0)
  })
  return [
    ...findOtherEngines(chains),
    ...sharedMark([...new Set(marks.map(([, chain]) => `${chain} in legacy iptables`))], markMask),
  ]
}

function isOurs(kind: string, { family, table, name }: Described): boolean {
  return family === 'inet' && (kind === 'table' ? name : table) === 'selvedge'
}

function usesMark(expressions: unknown, markMask: number): boolean {
  // iptables-nft: the bits are in a blob that nft does not print.
  const opaque = (Array.isArray(expressions) ? expressions : []).some((one: { xt?: { name?: unknown } } | null) =>
    /^connmark$/i.test(String(one?.xt?.name)),
  )
  return opaque || (markBits(expressions) & markMask) !== 0
}

function sharedMark(found: readonly string[], markMask: number): readonly Finding[] {
  if (found.length === 0) return []
  return [
    {
      id: 'mark-shared',
      severity: 'warns',
      problem: `other rules use bits 0x${markMask.toString(16)} of the conntrack mark, or may: ${shorten(found)}; who writes them can keep a revoked flow alive`,
      cure: 'choose bits that nobody else uses with --mark-mask',
    },
  ]
}

function flowtableFinding(found: readonly string[]): readonly Finding[] {
  if (found.length === 0) return []
  return [
    {
      id: 'flowtable',
      severity: 'warns',
      problem: `flowtables take established flows past every rule: ${shorten(found)}; a right that is taken away stays until such a flow ends`,
      cure: 'switch flow offloading off where it covers pods',
    },
  ]
}

const FIREWALLD: Finding = {
  id: 'firewalld',
  severity: 'warns',
  problem: 'firewalld is at work here; its default zone rejects forwarded packets of pods, whatever policies allow',
  cure: "put the pods' bridge and flannel.1 into its trusted zone, or switch firewalld off",
}
