import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import type { HeldCluster } from '../arbitraries/held-clusters.ts'
import { allows, rememberedMark } from '../interpreter/interpreter.ts'
import { inTruth, tenantOf } from '../oracle/hold.ts'
import { oracle } from '../oracle/oracle.ts'
import { goneBetween, objectsOf, putsOf } from './changes-of.ts'
import { holdChanges } from './hold-changes.ts'
import { heldConnections } from './held-connections.ts'
import { textConnection } from './text-connection.ts'
import { NEW_MARK, statesBetween } from './walk-change.ts'
import { BETWEEN_PODS, TO_OTHER_NODE } from './ways-of-packets.ts'

/** Between two states of a node. */
function between(before: HeldCluster, after: HeldCluster): ReturnType<typeof statesBetween> {
  const [old, now] = [objectsOf(before.cluster), objectsOf(after.cluster)]
  const keys = new Set(after.hold.sandboxes.map(({ key }) => key))
  const ended = before.hold.sandboxes.filter(({ key }) => !keys.has(key))
  const engine = createEngine({ isLocal: ({ node }) => node === 'node-1', ruleset: DEFAULT_OPTIONS })
  return statesBetween(
    engine,
    [...putsOf(old), ...holdChanges(before.hold)],
    [
      ...goneBetween(old, now),
      ...putsOf(now),
      ...ended.map(({ key }) => ({ type: 'remove' as const, kind: 'Sandbox' as const, key })),
      ...holdChanges(after.hold),
    ],
  )
}

/** Both ends of a connection at one time: may this end speak, or be spoken to? And whose address it is. */
function createJudge({ cluster, hold }: HeldCluster, { isHeldHere }: typeof TO_OTHER_NODE) {
  const truth = inTruth(cluster, hold)
  const judge = oracle(truth, (pod) => pod.spec?.nodeName === 'node-1')
  const tenant = (address: string) => {
    const pod = tenantOf(address, truth, hold)
    return pod && `${pod.metadata.uid} ${pod.metadata.namespace}/${pod.metadata.name}`
  }
  return (connection: Parameters<typeof judge>[0]) => {
    const { egress, ingress } = judge(connection)
    const { source, destination } = connection
    const ends = [
      { passes: !isHeldHere(source, truth, hold) && egress.allowed, tenant: tenant(source) },
      { passes: !isHeldHere(destination, truth, hold) && ingress.allowed, tenant: tenant(destination) },
    ] as const
    return { ends, allowed: ends.every(({ passes }) => passes) }
  }
}

/** What the law has met, over all of its runs. */
export const met = { states: 0, bumped: 0, quiet: 0, reused: 0, allowed: 0 }

/**
 * Throws where a packet meets what neither state would have for one of its ends; where it is lost though both let it pass, and the
 * address stayed with its pod; and where a flow is remembered that has no right any more.
 */
export function expectNoThirdVerdict(before: HeldCluster, changed: HeldCluster): void {
  // What is never held is said by a flag, and stays while an agent runs.
  const after = { ...changed, hold: { ...changed.hold, excepts: before.hold.excepts ?? [] } }
  const judgesOf = (way: typeof TO_OTHER_NODE) => {
    return { way, judgeOld: createJudge(before, way), judgeNew: createJudge(after, way) }
  }
  const [routed, bridged] = [judgesOf(TO_OTHER_NODE), judgesOf(BETWEEN_PODS)]
  const connections = [...heldConnections(before, 50), ...heldConnections(after, 50)]
  const ways = connections.flatMap((connection) => {
    const one = { connection, ...routed }
    // To IPv4 its devices are nothing.
    return connection.source.includes(':') ? [one, { connection, ...bridged }] : [one]
  })
  const cases = ways.map(({ connection, way, judgeOld, judgeNew }) => {
    const [old, now] = [judgeOld(connection), judgeNew(connection)]
    const isReused = old.ends.some(({ tenant }, end) => {
      return tenant !== undefined && now.ends[end]?.tenant !== undefined && tenant !== now.ends[end].tenant
    })
    const most = old.ends.every(({ passes }, end) => passes || now.ends[end]?.passes === true)
    // Whose pod has gone may be held at once, even where in the end nothing is held.
    const isLost = old.ends.some(({ tenant }, end) => tenant !== undefined && tenant !== now.ends[end]?.tenant)
    // In a subnet that comes beside others, who is nobody's before waits: it may not pass anywhere before its isolation stands.
    const isAmongNew = [connection.source, connection.destination].some((one, end) => {
      const comes = !isWatched(one, before, way) && isWatched(one, after, way)
      return before.cluster.policies.length > 0 && comes && old.ends[end]?.tenant === undefined
    })
    const least = !isLost && !isAmongNew && old.allowed && now.allowed
    // An address that goes from pod to pod while the hold stands.
    const closes =
      isReused &&
      [connection.source, connection.destination].some((one, end) => {
        const isOther = old.ends[end]?.tenant !== undefined && old.ends[end].tenant !== now.ends[end]?.tenant
        return isOther && [before, after].every((state) => isWatched(one, state, way))
      })
    return {
      connection,
      old,
      now,
      most,
      least,
      isReused,
      closes,
      packet: { ...textConnection(connection), devices: way.devices },
    }
  })
  met.reused += Number(cases.some(({ isReused }) => isReused))
  const closed = new Set<object>()
  for (const { at, view } of between(before, after)) {
    met.states += 1
    met.bumped += Number(at === 'bumped')
    met.quiet += Number(at === 'not bumped')
    const remembers = rememberedMark(view) === NEW_MARK
    for (const one of cases) {
      const { connection, old, now, most, least, isReused, packet } = one
      const say = (what: string) =>
        `${at}: ${JSON.stringify(connection)} to ${packet.devices.out} ${what}; before ${old.allowed}, after ${now.allowed}`
      // What the old pod of an address was allowed must not be remembered for the new one.
      if (at === 'not bumped' && old.allowed && (!now.allowed || (isReused && after.cluster.policies.length > 0))) {
        throw new Error(say('keeps what was remembered'))
      }
      const allowed = allows(view, packet)
      met.allowed += Number(allowed)
      if (!allowed) closed.add(one)
      if (allowed && !now.allowed && remembers) throw new Error(say('keeps its right for good'))
      const [wanted, held] =
        at === 'start' ? [old.allowed, old.allowed] : at.endsWith('bumped') ? [now.allowed, now.allowed] : [most, least]
      if ((allowed && !wanted) || (!allowed && held)) throw new Error(say(allowed ? 'is allowed' : 'is denied'))
    }
  }
  for (const one of cases) {
    if (one.closes && !closed.has(one))
      throw new Error(`${JSON.stringify(one.connection)} is never closed between two pods`)
  }
}

/** Would the address be held if it were nobody's? */
function isWatched(address: string, { cluster, hold }: HeldCluster, { isHeldHere }: typeof TO_OTHER_NODE): boolean {
  return isHeldHere(address, { ...cluster, pods: [] }, hold)
}
