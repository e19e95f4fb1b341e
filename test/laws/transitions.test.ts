import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { type AuditedCluster, auditedClusters } from '../arbitraries/audited.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { mergedSets } from '../arbitraries/merged-sets.ts'
import { allows, rememberedMark } from '../interpreter/interpreter.ts'
import type { Connection } from '../oracle/connection.ts'
import { oracle, type Verdict } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { goneBetween, objectsOf, putsOf } from './changes-of.ts'
import { textConnection } from './text-connection.ts'
import { NEW_MARK, statesBetween } from './walk-change.ts'

// trap 59: changes of rules and of the sets that they read give no packet a third verdict

/** Each pair is walked through every instant of every transaction: half a minute a law on a quiet machine. */
const TIMEOUT = 300_000

/** Between two clusters. */
function between(before: RawCluster, after: RawCluster): ReturnType<typeof statesBetween> {
  const [old, now] = [objectsOf(before), objectsOf(after)]
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  return statesBetween(engine, putsOf(old), [...goneBetween(old, now), ...putsOf(now)])
}

/** What the old or the new verdict of each direction allows, and what both allow. */
function bounds(old: Verdict, now: Verdict): { readonly most: boolean; readonly least: boolean } {
  return {
    most: (old.egress.allowed || now.egress.allowed) && (old.ingress.allowed || now.ingress.allowed),
    least: old.egress.allowed && now.egress.allowed && old.ingress.allowed && now.ingress.allowed,
  }
}

const met = { intervals: 0, diverted: 0, bumped: 0, quiet: 0, transactions: 0 }

function expectNoThirdVerdict(
  before: RawCluster,
  after: RawCluster,
  connections: readonly Connection[] = [...interestingConnections(before, 60), ...interestingConnections(after, 60)],
  [judgeOld, judgeNew] = [oracle(before), oracle(after)],
  asksAnew: (connection: Connection) => boolean = () => false,
): void {
  let narrowed = connections.some(asksAnew)
  for (const { at, view } of between(before, after)) {
    if (at === 'not bumped') expect(narrowed).toBe(false)
    met.bumped += Number(at === 'bumped')
    met.quiet += Number(at === 'not bumped')
    met.transactions += Number(at.startsWith('transaction'))
    met.intervals += Number(at.includes('interval sets not there yet'))
    met.diverted += Number([...(view.state?.chains.keys() ?? [])].some((name) => name.endsWith('-next')))
    const remembers = rememberedMark(view) === NEW_MARK
    for (const connection of connections) {
      const [old, now] = [judgeOld(connection), judgeNew(connection)]
      narrowed ||= old.allowed && !now.allowed
      const { most, least } = bounds(old, now)
      const allowed = allows(view, textConnection(connection))
      const [wanted, held] =
        at === 'start' ? [old.allowed, old.allowed] : at.endsWith('bumped') ? [now.allowed, now.allowed] : [most, least]
      // What passes under the new number is remembered, and never judged again.
      if (allowed && !now.allowed && remembers) {
        throw new Error(`${at}: ${JSON.stringify(connection)} keeps its right for good`)
      }
      if ((allowed && !wanted) || (!allowed && held)) {
        throw new Error(
          `${at}: ${JSON.stringify(connection)} is ${allowed ? 'allowed' : 'denied'}; before ${old.allowed}, after ${now.allowed}`,
        )
      }
    }
  }
}

test('between two clusters every packet gets, in each direction, the old or the new verdict, and the end is the new ruleset', {
  timeout: TIMEOUT,
}, () => {
  fc.assert(
    fc.property(clusters(), clusters(), (one, other) => expectNoThirdVerdict(one, other)),
    lawParameters(200),
  )
  console.log(`met: ${JSON.stringify(met)}`)
  expect(met.bumped).toBeGreaterThan(0)
})

test('so it does when pods change labels and come and go while their policies gain others', {
  timeout: TIMEOUT,
}, () => {
  const extended = (one: RawCluster, other: RawCluster): RawCluster => ({
    pods: other.pods,
    namespaces: one.namespaces,
    policies: [
      ...one.policies,
      ...other.policies.map((policy) => ({
        ...policy,
        metadata: { ...policy.metadata, name: `${policy.metadata.name}-more` },
      })),
    ],
  })
  fc.assert(
    fc.property(clusters(), clusters(), (one, other) => expectNoThirdVerdict(one, extended(one, other))),
    lawParameters(200),
  )
  console.log(`met: ${JSON.stringify(met)}`)
  expect(met.diverted).toBeGreaterThan(0)
})

test('so it does when only the policies change, or only the pods', { timeout: TIMEOUT }, () => {
  const part = fc.constantFrom('policies', 'pods', 'namespaces')
  fc.assert(
    fc.property(clusters(), clusters(), part, (one, other, key) =>
      expectNoThirdVerdict(one, { ...one, [key]: other[key] }),
    ),
    lawParameters(200),
  )
  expect(met.quiet).toBeGreaterThan(0)
})

test('so it does where pods come to and leave interval sets that packets look into', { timeout: TIMEOUT }, () => {
  fc.assert(
    fc.property(mergedSets, ({ before, after, watched }) => expectNoThirdVerdict(before, after, watched)),
    lawParameters(20),
  )
  expect(met.intervals).toBeGreaterThan(0)
})

test('so it does where policies are only audited: what is enforced decides, and what is newly asked of live flows is asked of them', {
  timeout: TIMEOUT,
}, () => {
  let asked = 0
  fc.assert(
    fc.property(auditedClusters(), auditedClusters(), fc.boolean(), (one, other, isSamePods) => {
      const before = one
      const after = isSamePods ? joinAudited(one, other) : other
      const judges = [before.enforced, after.enforced].map((cluster) => oracle(cluster)) as [Judge, Judge]
      const [askedOld, askedNew] = [before.cluster, after.cluster].map((cluster) => oracle(cluster)) as [Judge, Judge]
      // It passed and goes on passing, and only now an audited policy would deny it.
      const asksAnew = (connection: Connection): boolean => {
        const [old, now] = judges.map((judge) => judge(connection).allowed)
        return old === true && now === true && askedOld(connection).allowed && !askedNew(connection).allowed
      }
      const connections = [...interestingConnections(before.cluster, 60), ...interestingConnections(after.cluster, 60)]
      asked += Number(connections.some(asksAnew))
      expectNoThirdVerdict(before.cluster, after.cluster, connections, judges, asksAnew)
    }),
    lawParameters(200),
  )
  expect(asked).toBeGreaterThan(20)
})

type Judge = ReturnType<typeof oracle>

/** The pods of the one under the policies of the other. */
function joinAudited(one: AuditedCluster, other: AuditedCluster): AuditedCluster {
  const joined = (part: 'cluster' | 'enforced') => ({ ...one[part], policies: other[part].policies })
  return { cluster: joined('cluster'), enforced: joined('enforced') }
}
