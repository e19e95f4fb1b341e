import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingServices } from '../arbitraries/interesting-services.ts'
import { outsideAddresses } from '../arbitraries/interesting-addresses.ts'
import type { Connection } from '../oracle/connection.ts'
import { oracle } from '../oracle/oracle.ts'
import { addressesOf, namespaceOf, ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawPod } from '../oracle/raw-cluster.ts'
import { staysOnNode } from '../oracle/stays-on-node.ts'
import { hold } from '../policy-test/hold.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { askedCluster } from './ask-cluster.ts'

type Port = Pick<Connection, 'protocol' | 'port'>

/** Pods that are asked: with an address of their own. Of a name that two share, nobody could say which is meant. */
function owning(cluster: RawCluster): readonly RawPod[] {
  const owners = cluster.pods.filter((pod) => ownedBy(cluster, pod).length > 0)
  const names = cluster.pods.map(nameOf)
  return owners.filter((pod) => names.filter((name) => name === nameOf(pod)).length === 1)
}

function ownedBy(cluster: RawCluster, pod: RawPod): readonly string[] {
  // Of two addresses of one family the first is the pod's.
  const own = addressesOf(pod).filter((address) => ownerOf(address, cluster.pods) === pod)
  return ['.', ':'].flatMap((sign) => own.find((address) => address.includes(sign)) ?? [])
}

function nameOf(pod: RawPod): string {
  return `${namespaceOf(pod)}/${pod.metadata.name}`
}

/** The oracle's verdict in each family that both have. */
function verdicts(
  cluster: RawCluster,
  judge: ReturnType<typeof oracle>,
  from: readonly string[],
  to: readonly string[],
  port: Port,
): readonly boolean[] {
  return from.flatMap((source) =>
    to
      .filter((destination) => destination.includes(':') === source.includes(':'))
      .map((destination) => ({ source, destination, ...port }))
      .filter((connection) => !staysOnNode(cluster, connection))
      .map((connection) => judge(connection).allowed),
  )
}

function written({ protocol, port }: Port): string {
  return protocol === 'ICMP' || protocol === 'other' ? 'icmp' : `${port}/${protocol}`
}

function portsOf(cluster: RawCluster, choice: number): readonly Port[] {
  const services = interestingServices(cluster)
  return [0, 1, 2].flatMap((step) => services[(choice + step * 7) % services.length] ?? [])
}

test('expect holds exactly where the oracle gives every pair that verdict, in every family', () => {
  const met = { allow: 0, deny: 0, mixed: 0, outside: 0 }
  fc.assert(
    fc.property(clusters(), fc.nat(), (raw, choice) => {
      const judge = oracle(raw)
      const pods = owning(raw)
      const cluster = askedCluster(raw)
      const probes = outsideAddresses(raw)
      for (const port of portsOf(raw, choice)) {
        for (const to of pods) {
          const destination = ownedBy(raw, to)
          const ends: readonly (readonly [object | string, readonly (readonly string[])[]])[] = [
            ...pods.filter((from) => from !== to).map((from) => [nameOf(from), [ownedBy(raw, from)]] as const),
            [
              `${namespaceOf(to)}/*`,
              pods
                .filter((from) => from !== to && namespaceOf(from) === namespaceOf(to))
                .map((from) => ownedBy(raw, from)),
            ],
            ['outside', probes.map((address) => [address])],
          ]
          for (const [from, sources] of ends) {
            const said = sources.flatMap((source) => verdicts(raw, judge, source, destination, port))
            if (said.length === 0) continue
            const [allow, deny] = hold(cluster, [
              { from, to: nameOf(to), ports: [written(port)], expect: 'allow', pods: 'input' },
              { from, to: nameOf(to), ports: [written(port)], expect: 'deny', pods: 'input' },
            ])
            // Probes are only some of all addresses: what holds of all holds of them.
            const isSample = from === 'outside' || isShared(raw, from)
            if (from === 'outside') met.outside += 1
            for (const [result, wanted] of [
              [allow, true],
              [deny, false],
            ] as const) {
              if (isSample && result?.status !== 'passed') continue
              const all = said.every((allowed) => allowed === wanted)
              expect({ from, to: nameOf(to), port, wanted, passed: result?.status === 'passed' }).toEqual({
                from,
                to: nameOf(to),
                port,
                wanted,
                passed: all,
              })
            }
            met[said.every(Boolean) ? 'allow' : said.some(Boolean) ? 'mixed' : 'deny'] += 1
          }
        }
      }
    }),
    lawParameters(30),
  )
  expect(Math.min(met.allow, met.deny, met.mixed, met.outside)).toBeGreaterThan(0)
})

/** A whole namespace has pods that are left out above: those on the network of a node, and namesakes. */
function isShared(cluster: RawCluster, from: object | string): boolean {
  const asked = owning(cluster)
  return (
    typeof from === 'string' &&
    from.endsWith('/*') &&
    cluster.pods.some((pod) => !asked.includes(pod) && namespaceOf(pod) === from.slice(0, -2))
  )
}

test('only holds exactly where the listed pods, and no others, have every port', () => {
  const met = { passed: 0, failed: 0, listed: 0 }
  fc.assert(
    fc.property(clusters(), fc.nat(), fc.nat(), (raw, choice, some) => {
      const judge = oracle(raw)
      const pods = owning(raw)
      const cluster = askedCluster(raw)
      const probes = outsideAddresses(raw)
      for (const port of portsOf(raw, choice)) {
        for (const to of pods) {
          const destination = ownedBy(raw, to)
          const others = pods.filter((from) => from !== to)
          const answers = new Map(
            others.map((from) => [from, verdicts(raw, judge, ownedBy(raw, from), destination, port)]),
          )
          const right = others.filter((from) => answers.get(from)?.some(Boolean) === true)
          // What is right, and one more or one less.
          const wrong = others[some % Math.max(others.length, 1)]
          const lists = [
            right,
            wrong === undefined
              ? right
              : right.includes(wrong)
                ? right.filter((from) => from !== wrong)
                : [...right, wrong],
          ]
          for (const listed of lists) {
            const [result] = hold(cluster, [
              { to: nameOf(to), ports: [written(port)], only: listed.map(nameOf), pods: 'input' },
            ])
            const isExact = others.every((from) => {
              const said = answers.get(from) ?? []
              return listed.includes(from) ? said.every(Boolean) : !said.some(Boolean)
            })
            const fromOutside = probes.some((address) =>
              verdicts(raw, judge, [address], destination, port).some(Boolean),
            )
            // Pods that are left out, and addresses that are no probe, may come in beside.
            if (result?.status === 'passed' || !isExact || fromOutside) {
              expect({ to: nameOf(to), port, listed: listed.map(nameOf), passed: result?.status === 'passed' }).toEqual(
                {
                  to: nameOf(to),
                  port,
                  listed: listed.map(nameOf),
                  passed: isExact && !fromOutside,
                },
              )
            }
            met[result?.status === 'passed' ? 'passed' : 'failed'] += 1
            if (result?.status === 'passed' && listed.length > 0) met.listed += 1
          }
        }
      }
    }),
    lawParameters(30),
  )
  expect(Math.min(met.passed, met.failed, met.listed)).toBeGreaterThan(0)
})

test('at most holds only where the oracle denies everything else', () => {
  const met = { passed: 0, failed: 0 }
  fc.assert(
    fc.property(clusters(), fc.nat(), (raw, choice) => {
      const judge = oracle(raw)
      const pods = owning(raw)
      const cluster = askedCluster(raw)
      const probes = outsideAddresses(raw)
      const ports = portsOf(raw, choice)
      for (const from of pods) {
        const source = ownedBy(raw, from)
        const reached = (to: readonly string[]) =>
          ports.filter((port) => verdicts(raw, judge, source, to, port).some(Boolean))
        const others = pods.filter((to) => to !== from)
        const listed = others.filter((_, index) => (choice >> index) % 2 === 0)
        const atMost = [...listed.map(nameOf), ...(choice % 3 === 0 ? ['outside'] : [])]
        const [result] = hold(cluster, [{ from: nameOf(from), atMost, pods: 'input' }])
        const further = others.filter((to) => !listed.includes(to) && reached(ownedBy(raw, to)).length > 0)
        const outside = choice % 3 === 0 ? [] : probes.filter((address) => reached([address]).length > 0)
        if (result?.status === 'passed')
          expect({ further: further.map(nameOf), outside }).toEqual({ further: [], outside: [] })
        met[result?.status === 'passed' ? 'passed' : 'failed'] += 1
      }
    }),
    lawParameters(60),
  )
  expect(Math.min(met.passed, met.failed)).toBeGreaterThan(0)
})
