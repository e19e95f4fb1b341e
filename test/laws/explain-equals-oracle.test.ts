import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { createCluster } from '../../compiler/cluster/create-cluster.ts'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { explainConnection } from '../../compiler/explain/explain-connection.ts'
import { suggestPolicies } from '../../compiler/explain/suggest-policy.ts'
import type { Connection as Asked } from '../../compiler/graph/judge.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { nodeConnections } from '../arbitraries/node-connections.ts'
import { nodePortQuestions } from '../arbitraries/node-ports.ts'
import { someNodes } from '../arbitraries/nodes.ts'
import { clustersWithRefusedPolicy } from '../arbitraries/refused-policies.ts'
import type { Connection, Direction } from '../oracle/connection.ts'
import { oracle } from '../oracle/oracle.ts'
import { namespaceOf, ownerOf } from '../oracle/owner-of.ts'
import { staysOnNode } from '../oracle/stays-on-node.ts'
import { rulesOf } from '../oracle/policy-rules.ts'
import type { RawCluster, RawPolicy } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { askedCluster } from './ask-cluster.ts'
import { decodeCluster } from './decode-cluster.ts'
import { nodePortOutcomes } from './node-port-outcomes.ts'
import { edgesSay, isUnspoken, withWorkloads } from './edge-words.ts'

const DIRECTIONS: readonly Direction[] = ['egress', 'ingress']

/** As the command asks it. */
function askedOf({ source, destination, protocol, port }: Connection): Asked {
  const [from, to] = [parseAddress(source), parseAddress(destination)]
  if (from === undefined || to === undefined) throw new Error('the arbitraries gave a bad address')
  const isOther = protocol === 'ICMP' || protocol === 'other'
  return { source: from, destination: to, transport: isOther ? { protocol: 'other' } : { protocol, port: port ?? 0 } }
}

function only(cluster: RawCluster, policy: RawPolicy): ReturnType<typeof oracle> {
  return oracle({ ...cluster, policies: [policy] })
}

/** By the oracle alone: each policy and each rule by itself, and whether it isolates or grants. */
function partsOf(cluster: RawCluster, direction: Direction) {
  return cluster.policies.flatMap((policy) => {
    const rules = rulesOf(policy, direction)
    if (rules === undefined) return []
    const { podSelector } = policy.spec ?? {}
    const policyTypes = [direction === 'egress' ? 'Egress' : 'Ingress']
    const name = `${namespaceOf(policy)}/${policy.metadata.name}`
    const alone = (some: typeof rules) =>
      only(cluster, { ...policy, spec: { podSelector, policyTypes, [direction]: some } })
    return [{ name, isolates: alone([]), rules: rules.map((rule) => alone([rule])) }]
  })
}

function expectExplained(cluster: RawCluster): void {
  const whole = askedCluster(cluster)
  const judge = oracle(cluster)
  const parts = { egress: partsOf(cluster, 'egress'), ingress: partsOf(cluster, 'ingress') }
  for (const connection of [...interestingConnections(cluster, 60), ...nodeConnections(cluster)]) {
    const verdict = judge(connection)
    const stays = staysOnNode(cluster, connection)
    const answer = explainConnection(whole, askedOf(connection))
    expect({ connection, allowed: answer.allowed }).toEqual({ connection, allowed: stays || verdict.allowed })
    expect({ connection, ownNode: answer.ownNode !== undefined }).toEqual({ connection, ownNode: stays })
    for (const direction of DIRECTIONS) {
      const { isolatedBy, allowed, grantedBy } = answer[direction]
      const isolating = parts[direction].filter(({ isolates }) => isolates(connection)[direction].isolated)
      const granting = isolating.flatMap(({ name, rules }) =>
        rules.flatMap((rule, index) => (rule(connection)[direction].allowed ? [`${name} ${direction}[${index}]`] : [])),
      )
      const said = { isolatedBy, allowed, grantedBy: grantedBy.map(({ policy, rule }) => `${policy} ${rule}`).sort() }
      expect({ connection, direction, ...said }).toEqual({
        connection,
        direction,
        isolatedBy: isolating.map(({ name }) => name).sort(),
        allowed: stays || verdict[direction].allowed,
        // A pod reaches itself, and its node, without any rule.
        grantedBy: answer.itself || stays ? [] : granting.sort(),
      })
    }
  }
}

test('explain gives the oracle’s verdict, and cites every rule that grants by itself and no other', () => {
  const withNodes = fc.tuple(clusters(), someNodes).map(([cluster, nodes]): RawCluster => ({ ...cluster, nodes }))
  fc.assert(fc.property(withNodes, expectExplained), lawParameters(50))
})

test('so it does where the API server would refuse a policy', () => {
  fc.assert(
    fc.property(clustersWithRefusedPolicy(), (cluster) => {
      const whole = askedCluster(cluster)
      const judge = oracle(cluster)
      for (const connection of interestingConnections(cluster, 60)) {
        if (staysOnNode(cluster, connection)) continue
        const { allowed, egress, ingress } = explainConnection(whole, askedOf(connection))
        const said = { allowed, egress: egress.allowed, ingress: ingress.allowed }
        const verdict = judge(connection)
        const wanted = { allowed: verdict.allowed, egress: verdict.egress.allowed, ingress: verdict.ingress.allowed }
        expect({ connection, ...said }).toEqual({ connection, ...wanted })
      }
    }),
    lawParameters(30),
  )
})

test('through a node port it asks what hooks see, whoever dials and whichever pod is chosen', () => {
  const seen = { nowhere: 0, allowed: 0, denied: 0, through: 0 }
  fc.assert(
    fc.property(nodePortQuestions, (question) => {
      for (const outcome of nodePortOutcomes(question)) {
        const { source, wanted, said } = outcome
        expect({ source, said }).toEqual({ source, said: wanted })
        if (wanted.length === 0) seen.nowhere += 1
        else if (wanted.every((text) => text.endsWith(': true'))) seen.allowed += 1
        else seen.denied += 1
        if (wanted.some((text) => text.includes('egress'))) seen.through += 1
      }
    }),
    lawParameters(80),
  )
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
})

test('a suggestion allows what was asked for, and names all that it opens and closes', () => {
  let tried = 0
  fc.assert(
    fc.property(clusters(), fc.boolean(), fc.nat(), (raw, alike, choice) => {
      const cluster = withWorkloads(raw, alike)
      const before = oracle(cluster)
      const connections = interestingConnections(cluster, 90)
      const denied = connections.filter((one) => !before(one).allowed)
      const wanted = denied[choice % Math.max(1, denied.length)]
      if (wanted === undefined) return
      tried += 1
      const suggestion = suggestPolicies(createCluster(decodeCluster(cluster), []), [askedOf(wanted)])
      if (suggestion === undefined) throw new Error(`nothing is suggested for ${JSON.stringify(wanted)}`)
      const added = parseAllDocuments(suggestion.yaml).map((document) => document.toJS() as RawPolicy)
      const after = oracle({ ...cluster, policies: [...cluster.policies, ...added] })
      expect(after(wanted).allowed).toBe(true)
      expect(edgesSay(suggestion.opens, cluster, wanted)).not.toEqual([])
      for (const connection of connections) {
        if (isUnspoken(cluster, connection)) continue
        const [was, is] = [before(connection).allowed, after(connection).allowed]
        // `*` says that now everything passes, and did not before: some of it may have passed.
        const news = ({ protocol }: Edge): boolean => protocol !== '*' || is !== was
        const named = {
          opens: edgesSay(suggestion.opens, cluster, connection).some(news),
          closes: edgesSay(suggestion.closes, cluster, connection).some(news),
        }
        expect({ connection, ...named }).toEqual({ connection, opens: is && !was, closes: was && !is })
        if (is && !was)
          expect({ connection, isLike: isLike(cluster, connection, wanted) }).toMatchObject({ isLike: true })
      }
    }),
    lawParameters(60),
  )
  expect(tried).toBeGreaterThan(0)
})

/** The same port, between pods of the same namespaces that have the same labels, or the same address outside. */
function isLike(cluster: RawCluster, connection: Connection, wanted: Connection): boolean {
  const { protocol, port } = wanted
  const isPortless = protocol === 'ICMP' || protocol === 'other'
  return (
    (isPortless || (connection.protocol === protocol && connection.port === port)) &&
    isLikeEnd(cluster, connection.source, wanted.source) &&
    isLikeEnd(cluster, connection.destination, wanted.destination)
  )
}

function isLikeEnd(cluster: RawCluster, address: string, wanted: string): boolean {
  const [pod, model] = [ownerOf(address, cluster.pods), ownerOf(wanted, cluster.pods)]
  if (pod === undefined || model === undefined) return address === wanted
  const labels = pod.metadata.labels ?? {}
  return (
    namespaceOf(pod) === namespaceOf(model) &&
    Object.entries(model.metadata.labels ?? {}).every(([key, value]) => labels[key] === value)
  )
}
