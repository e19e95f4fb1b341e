import { PROTOCOLS } from '../objects/protocol.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import {
  type GrantParts,
  type NamespacedRule,
  WIDE_KINDS,
  type WideKind,
  type WideRule,
  wideRules,
} from './build-grants.ts'
import type { Grant } from './grants.ts'
import { NOBODY, type Peers, peersSize, unionPeers } from './peers.ts'

/** With more groups that come and go, all at once is the shorter way. */
const FEW_GROUPS = 64

/**
 * The normal form for a few rules less and a few more, as far as they speak of any protocol or of whole ones: groups come into one
 * list of peers and leave it. Undefined where more has to be looked at: when blocks or 'anyone' come or go, or when
 * another kind of grant speaks of the same groups, since the wider grant absorbs the narrower.
 */
export function changeWide(
  parts: GrantParts,
  removed: readonly NamespacedRule[],
  added: readonly NamespacedRule[],
): GrantParts | undefined {
  const gone = new Set(removed.map(({ rule }) => rule))
  const come = wideRules(added)
  const wide: Record<WideKind, readonly WideRule[]> = { ...parts.wide }
  const peersOf = new Map(WIDE_KINDS.map((kind) => [kind, widePeers(parts.whole, kind)]))
  const changed: { readonly kind: WideKind; readonly groups: ReadonlySet<string> }[] = []
  let terms = 0
  for (const kind of WIDE_KINDS) {
    const lost = gone.size === 0 ? [] : wide[kind].filter(({ rule }) => gone.has(rule))
    if (lost.length + come[kind].length === 0) continue
    const left = lost.length === 0 ? wide[kind] : wide[kind].filter(({ rule }) => !gone.has(rule))
    wide[kind] = come[kind].length === 0 ? left : [...left, ...come[kind]]
    const delta = groupsDelta(left, lost, come[kind])
    const peers = peersOf.get(kind)
    if (delta === undefined || peers?.kind !== 'some') return undefined
    peersOf.set(kind, { ...peers, groups: replaceGroups(peers.groups, delta) })
    terms += delta.gained.length
    changed.push({ kind, groups: new Set([...delta.lost, ...delta.gained.map(({ key }) => key)]) })
  }
  if (changed.length === 0) return parts
  if (changed.some(({ kind, groups }) => isSpokenOfElsewhere(parts, wide, kind, groups))) return undefined
  const any = peersOf.get('any') ?? NOBODY
  const whole = WIDE_KINDS.flatMap((kind): readonly Grant[] => {
    const peers = peersOf.get(kind) ?? NOBODY
    if (peersSize(peers) === 0) return []
    return [{ ports: kind === 'any' ? { kind } : { kind: 'protocol', protocol: kind }, peers }]
  })
  const wider = { ...parts.wider }
  for (const protocol of PROTOCOLS) {
    const own = peersOf.get(protocol) ?? NOBODY
    wider[protocol] = peersSize(own) === 0 ? any : unionPeers([any, own])
  }
  const spent = { terms: parts.spent.terms + terms, steps: parts.spent.steps + terms }
  return { ...parts, whole, wide, wider, spent }
}

function widePeers(whole: readonly Grant[], wanted: WideKind): Peers {
  const grant = whole.find(({ ports }) => (ports.kind === 'protocol' ? ports.protocol : ports.kind) === wanted)
  return grant?.peers ?? NOBODY
}

interface Delta {
  /** Keys. */
  readonly lost: ReadonlySet<string>
  readonly gained: readonly PeerGroup[]
}

/** Groups that come with their first rule, and that go with their last. */
function groupsDelta(
  left: readonly WideRule[],
  lost: readonly WideRule[],
  come: readonly WideRule[],
): Delta | undefined {
  const [was, is] = [groupsOf(lost), groupsOf(come)]
  if (was === undefined || is === undefined || was.size + is.size > FEW_GROUPS) return undefined
  const stays = new Set<string>()
  for (const { peers } of left) {
    if (peers.kind === 'anyone') return undefined
    for (const { key } of peers.groups) if (was.has(key) || is.has(key)) stays.add(key)
  }
  return {
    lost: new Set([...was.keys()].filter((key) => !stays.has(key) && !is.has(key))),
    gained: [...is.values()].filter(({ key }) => !stays.has(key) && !was.has(key)),
  }
}

/** Undefined: there is more than groups in them. */
function groupsOf(rules: readonly WideRule[]): ReadonlyMap<string, PeerGroup> | undefined {
  const groups = new Map<string, PeerGroup>()
  for (const { peers } of rules) {
    if (peers.kind === 'anyone' || peersSize(peers) > peers.groups.length) return undefined
    for (const group of peers.groups) groups.set(group.key, group)
  }
  return groups
}

/** They stay sorted. */
function replaceGroups(groups: readonly PeerGroup[], { lost, gained }: Delta): readonly PeerGroup[] {
  const result = lost.size === 0 ? [...groups] : groups.filter(({ key }) => !lost.has(key))
  for (const group of gained) result.splice(placeOf(result, group.key), 0, group)
  return result
}

function placeOf(groups: readonly PeerGroup[], key: string): number {
  let [low, high] = [0, groups.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const at = groups[middle]
    if (at !== undefined && at.key < key) low = middle + 1
    else high = middle
  }
  return low
}

/** Does a grant that absorbs them, or that they absorb, speak of one of these groups? */
function isSpokenOfElsewhere(
  { pieces, named }: GrantParts,
  wide: Readonly<Record<WideKind, readonly WideRule[]>>,
  kind: WideKind,
  groups: ReadonlySet<string>,
): boolean {
  if (groups.size === 0) return false
  const speaks = (peers: Peers): boolean => peers.kind === 'some' && peers.groups.some(({ key }) => groups.has(key))
  const absorbs = (peers: Peers): boolean => peers.kind === 'anyone' || speaks(peers)
  const others = WIDE_KINDS.filter((other) => other !== kind && (kind === 'any' || other === 'any'))
  return (
    others.some((other) => wide[other].some(({ peers }) => (other === 'any' ? absorbs : speaks)(peers))) ||
    (kind === 'any' ? PROTOCOLS : [kind]).some((protocol) => pieces[protocol].some(({ all }) => speaks(all))) ||
    named.some(speaks)
  )
}
