import { formatAddress } from '../addresses/format-address.ts'
import { answerLeg } from '../explain/answer-leg.ts'
import { isolatingPolicies } from '../explain/isolating-policies.ts'
import type { Explanation } from '../explain/explanation.ts'
import type { RuleReference } from '../explain/explain-connection.ts'
import { hostSites } from '../explain/host-sites.ts'
import type { Site } from '../explain/site.ts'
import { rulePeers } from '../graph/rule-peers.ts'
import type { Transport } from '../graph/judge.ts'
import { podName } from '../objects/pod-name.ts'
import { PROTOCOLS } from '../objects/protocol.ts'
import { EVERY_PORT, type PortSet, portTexts, subtractPortSets } from '../reach/port-set.ts'
import type { Finding, Spot } from './finding.ts'
import { nameOf } from './group-pods.ts'
import type { World } from './world.ts'

/** What is wrong, in one line, and why. */
export interface Failure {
  readonly text: string
  /** As explain says it: which rule opens, or what misses. */
  readonly explanation?: Explanation | undefined
  /** The rules that let somebody in whom the input does not have. */
  readonly rules?: readonly RuleReference[] | undefined
}

type ConnectionFinding = Extract<Finding, { kind: 'connection' }>
type PossibleFinding = Extract<Finding, { kind: 'possible' }>

export function describeFinding(world: World, finding: Finding): Failure {
  switch (finding.kind) {
    case 'nobody':
    case 'untold':
      return { text: finding.text }
    case 'explained': {
      const { from, to, allowed, pairs } = finding.explanation
      const verdict = allowed || pairs.some((pair) => pair.allowed) ? 'allowed' : 'denied'
      return { text: `${from} → ${to} is ${verdict}`, explanation: finding.explanation }
    }
    case 'connection':
      return describeConnection(world, finding)
    case 'possible':
      return describePossible(world, finding)
  }
}

function describeConnection(world: World, { wanted, from, to, ports }: ConnectionFinding): Failure {
  const text = `${spotName(from)} → ${spotName(to)} is ${wanted === 'allow' ? 'denied' : 'allowed'} on ${portsText(ports)}`
  const [source] = sitesOf(world, from)
  const [destination] = sitesOf(world, to)
  if (source === undefined || destination === undefined) return { text }
  const { cluster } = world
  const pair = answerLeg(cluster, { from: source, to: destination, transport: exampleOf(ports, to) })
  if (pair.kind === 'problem') return { text }
  const { allowed } = pair
  const answer = { from: source.name, to: destination.name, cluster, allowed, pairs: [pair], notes: [] }
  return { text, explanation: { kind: 'answer', ...answer } }
}

function describePossible(world: World, { subject, direction, group, possible, ports }: PossibleFinding): Failure {
  const who = `${possible.text} (not in the input)`
  const own = nameOf(subject, true)
  const ends = direction === 'ingress' ? `${who} → ${own}` : `${own} → ${who}`
  const rules = isolatingPolicies(world.cluster, subject, direction).flatMap((policy) => {
    const side = policy[direction]
    const list = side?.kind === 'rules' ? side.rules : []
    return list.flatMap((rule): readonly RuleReference[] => {
      const peers = rulePeers(rule, policy.namespace)
      if (peers.kind === 'anyone' || !peers.groups.some(({ key }) => key === group.key)) return []
      return [{ policy: podName(policy), rule: `${direction}[${rule.index}]`, place: rule.place ?? policy.place }]
    })
  })
  return { text: `${ends} is allowed on ${portsText(ports)}`, rules }
}

function spotName(spot: Spot): string {
  return spot.kind === 'address' ? formatAddress(spot) : nameOf(spot.pod, false)
}

function sitesOf({ cluster }: World, spot: Spot): readonly Site[] {
  switch (spot.kind) {
    case 'address':
      return [{ kind: 'address', name: formatAddress(spot), address: spot }]
    case 'host':
      return hostSites(cluster, { kind: 'hosts', name: spotName(spot), pods: [spot.pod] })
    case 'pod':
      return [{ kind: 'pod', name: spotName(spot), pod: spot.pod, replica: undefined, exact: true }]
  }
}

/** `TCP 80, UDP 53`, `everything but TCP 5432`, whichever is shorter. */
export function portsText(ports: PortSet): string {
  const missing = wordsOf(subtractPortSets(EVERY_PORT, ports))
  const own = wordsOf(ports)
  if (missing.length === 0) return 'every port and protocol'
  const [words, but] = ports.other && missing.length < own.length ? [missing, 'everything but '] : [own, '']
  return but + (words.length > MOST_WORDS ? `${words.slice(0, MOST_WORDS).join(', ')} and more` : words.join(', '))
}

const MOST_WORDS = 4

function wordsOf(ports: PortSet): readonly string[] {
  return portTexts(ports).map(({ protocol, ports: numbers }) => {
    if (protocol === 'other' || protocol === '*') return 'ICMP'
    return numbers === '*' ? `every ${protocol} port` : `${protocol} ${numbers.replace(/^0-/, '1-')}`
  })
}

/** One of the ports: where the destination says that it listens, else a usual one, else the first. */
function exampleOf(ports: PortSet, to: Spot): Transport {
  const named = to.kind === 'pod' ? to.pod.pod.ports : []
  const has = (protocol: (typeof PROTOCOLS)[number], port: number): boolean =>
    ports.ranges[protocol].some((range) => range.from <= port && port <= range.to)
  const own = named.find(({ protocol, number }) => has(protocol, number))
  if (own !== undefined) return { protocol: own.protocol, port: own.number }
  const usual = [443, 80].find((port) => has('TCP', port))
  if (usual !== undefined) return { protocol: 'TCP', port: usual }
  for (const protocol of PROTOCOLS) {
    const [first] = ports.ranges[protocol]
    if (first !== undefined) return { protocol, port: Math.max(first.from, 1) }
  }
  return { protocol: 'other' }
}
