import type { Behaviour } from '../reach/behaviours.ts'
import type { Refusal } from '../explain/site.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { DIRECTIONS, type Direction } from '../objects/direction.ts'
import { podKey } from '../objects/pod-name.ts'
import { EVERY_PORT, intersectPortSets, isNoPort, type PortSet, subtractPortSets } from '../reach/port-set.ts'
import { absentPods, grantedTo, reachesAbsent } from './absent-pods.ts'
import { allowedAddresses, deniedAddresses } from './addresses-of-nobody.ts'
import type { EndSet } from './end-set.ts'
import { FAMILIES } from '../addresses/address.ts'
import type { Finding, Spot } from './finding.ts'
import { groupPods, nameOf, pairOf, type PodGroup } from './group-pods.ts'
import { passing } from './passing.ts'
import type { ExpectAssertion } from './policy-test.ts'
import { resolveEnd } from './resolve-end.ts'
import { resolveTarget, type Target } from './resolve-target.ts'
import type { World } from './world.ts'

export interface Judged {
  readonly kind: 'judged'
  readonly findings: readonly Finding[]
}

/** Every pair has to agree, on every port, in every family that both ends have. */
export function judgeExpect(world: World, assertion: ExpectAssertion): Judged | Refusal {
  const { expect, pods } = assertion
  const from = resolveEnd(world, assertion.from)
  if (from.kind === 'problem') return from
  const to = resolveTarget(world, assertion.to, assertion.ports, expect === 'allow' ? 'allow' : 'everything')
  if (to.kind === 'problem') return to
  const nobody = [...from.nobody, ...to.nobody].map((text): Finding => ({ kind: 'nobody', text: meansNobody(text) }))
  if (nobody.length > 0) return { kind: 'judged', findings: nobody }
  const untold = untoldPods(world, [from.set, to.set])
  if (untold.length > 0) return { kind: 'judged', findings: untold }
  const tally = { pairs: 0 }
  const findings = [
    ...betweenPods(world, from.set, to, expect, tally),
    ...withAddresses(world, from.set, to, expect, tally),
    ...(expect === 'allow' ? withAbsent(world, assertion, from.set, to, tally) : []),
    ...(expect === 'deny' && pods === 'possible' ? possibleFindings(world, from.set, to) : []),
  ]
  // Addresses of nobody at both ends, or one pod at both: policy has no word there.
  if (tally.pairs === 0 && findings.length === 0) {
    return { kind: 'judged', findings: [{ kind: 'nobody', text: nothingTested(world, assertion) }] }
  }
  return { kind: 'judged', findings }
}

function nothingTested(world: World, { from, to, expect }: ExpectAssertion): string {
  const [absent] = [from, to].flatMap((end) => absentPods(world, end))
  if (absent === undefined)
    return `${from.text} and ${to.text} are no two pods, or share no address family: nothing is tested`
  const needed =
    expect === 'allow'
      ? 'a rule for them is looked for at pods of the other end, and there are none'
      : 'expect: deny asks of pods that are here; "*", a namespace or not END stand for others, too'
  return `${absent.text}: nobody here is meant, so nothing is tested; ${needed}`
}

/** Pods of which nobody can say whether a selector means them: what they may do cannot be told either. */
export function untoldPods(world: World, sets: readonly EndSet[]): readonly Finding[] {
  if (world.untold.size === 0) return []
  const pods = [...new Set(sets.flatMap((set) => [...set.pods]))].filter(({ pod }) => world.untold.has(podKey(pod)))
  return pods.map((pod) => {
    const reason = 'a selector asks for a label of it of which no file says the value'
    return { kind: 'untold', text: `${nameOf(pod, false)} cannot be told from files: ${reason}` }
  })
}

export function meansNobody(text: string): string {
  return `${text}: nobody is meant, so nothing would be tested`
}

interface Tally {
  pairs: number
}

function* betweenPods(
  world: World,
  from: EndSet,
  to: Target,
  expect: ExpectAssertion['expect'],
  tally: Tally,
): Generator<Finding> {
  const sources = [...groupPods(world, from.pods), ...hostGroups(world, from.hosts)]
  const targets = [...to.groups, ...[...to.hosts].map(([host, ports]) => ({ ...groupOf(world, host), ports }))]
  for (const target of targets) {
    const open = expect === 'deny' ? sourcesOf(world, target) : undefined
    for (const source of sources) {
      const pair = pairOf(source, target)
      if (pair === undefined) continue
      // Nothing passes there, as it has to be; it counts if anything could.
      if (open !== undefined && !open.has(source.behaviour) && tally.pairs > 0) continue
      const found = checkPair(world, pair, target.ports, expect, tally)
      if (found !== undefined) yield found
    }
  }
}

/** From whom anything may pass to it. */
function sourcesOf({ reach }: World, { members: [pod] }: PodGroup): ReadonlySet<Behaviour> {
  return new Set(pod === undefined ? [] : reach.sources(pod))
}

function checkPair(
  world: World,
  [from, to]: readonly [GraphPod, GraphPod],
  wanted: PortSet,
  expect: ExpectAssertion['expect'],
  tally: Tally,
): Finding | undefined {
  for (const { sure, possible } of passing(world, from, to)) {
    tally.pairs += 1
    // What is surely wrong comes before what cannot be told.
    const [wrong, doubtful] =
      expect === 'allow'
        ? [subtractPortSets(wanted, possible), subtractPortSets(wanted, sure)]
        : [intersectPortSets(wanted, sure), intersectPortSets(wanted, possible)]
    if (!isNoPort(wrong)) {
      return { kind: 'connection', wanted: expect, from: spotOf(from), to: spotOf(to), ports: wrong }
    }
    if (!isNoPort(doubtful)) return { kind: 'untold', text: untoldHosts(from, to) }
  }
  return undefined
}

/** An end on the network of a node whose address decides. */
export function untoldHosts(from: GraphPod, to: GraphPod): string {
  const host = from.pod.hostNetwork ? from : to
  return (
    `${nameOf(from, false)} → ${nameOf(to, false)} cannot be told from files: ${nameOf(host, false)} is on the network of its node, ` +
    'and a rule is for some addresses only'
  )
}

export function spotOf(pod: GraphPod): Spot {
  return pod.pod.hostNetwork ? { kind: 'host', pod } : { kind: 'pod', pod }
}

export function hostGroups(world: World, hosts: ReadonlySet<GraphPod>): readonly PodGroup[] {
  return [...hosts].map((host) => groupOf(world, host))
}

function groupOf(world: World, pod: GraphPod): PodGroup {
  return { behaviour: world.behaviourOf(pod), members: [pod] }
}

function* withAddresses(
  world: World,
  from: EndSet,
  to: Target,
  expect: ExpectAssertion['expect'],
  tally: Tally,
): Generator<Finding> {
  const check = expect === 'allow' ? deniedAddresses : allowedAddresses
  if (to.outside.length > 0) {
    for (const { members } of groupPods(world, from.pods)) {
      tally.pairs += 1
      for (const { spot, ports } of check(world, members, 'egress', to.outside)) {
        const [pod] = members
        if (pod !== undefined) yield { kind: 'connection', wanted: expect, from: spotOf(pod), to: spot, ports }
      }
    }
  }
  for (const { members, ports: wanted } of to.groups) {
    const [pod] = members
    const asked = FAMILIES.map((family) => ({ family, ranges: from.outside[family], ports: wanted }))
    const some = asked.filter(({ ranges }) => ranges.length > 0)
    if (some.length === 0 || pod === undefined) continue
    tally.pairs += 1
    for (const { spot, ports } of check(world, members, 'ingress', some)) {
      yield { kind: 'connection', wanted: expect, from: spot, to: spotOf(pod), ports }
    }
  }
}

/** Pods that the input need not have: a rule has to be for them. */
function* withAbsent(
  world: World,
  assertion: ExpectAssertion,
  from: EndSet,
  to: Target,
  tally: Tally,
): Generator<Finding> {
  const { ports = { numbers: EVERY_PORT, names: [] } } = assertion
  for (const possible of absentPods(world, assertion.to)) {
    for (const { members } of groupPods(world, from.pods)) {
      const [pod] = members
      tally.pairs += 1
      if (pod === undefined || reachesAbsent(pod, possible, ports)) continue
      yield { kind: 'untold', text: `${nameOf(pod, false)} → ${possible.text}: no rule lets it connect to such a pod` }
    }
  }
  for (const possible of absentPods(world, assertion.from)) {
    for (const { members, ports: wanted } of to.groups) {
      const [pod] = members
      tally.pairs += 1
      if (pod === undefined) continue
      if (isNoPort(subtractPortSets(wanted, grantedTo(pod, 'ingress', possible, pod.pod.ports)))) continue
      yield { kind: 'untold', text: `${possible.text} → ${nameOf(pod, false)}: no rule lets such a pod in` }
    }
  }
}

/** Whom the rules of either end mean, whether or not the input has them. */
function possibleFindings(world: World, from: EndSet, to: Target): readonly Finding[] {
  const ends = { egress: groupPods(world, from.pods), ingress: to.groups }
  return DIRECTIONS.flatMap((direction) =>
    ends[direction].flatMap((group) => {
      const wanted = 'ports' in group ? [group.ports] : to.groups.map(({ ports }) => ports)
      const others = direction === 'egress' ? to.set : from
      return possibleOfGroup(world, group, direction, others, wanted)
    }),
  )
}

function possibleOfGroup(
  world: World,
  { members: [subject] }: PodGroup,
  direction: Direction,
  others: EndSet,
  wanted: readonly PortSet[],
): readonly Finding[] {
  if (subject === undefined) return []
  return world.possibleOf(subject[direction]).flatMap(({ group, pods, ports }): readonly Finding[] => {
    const shared = wanted.map((one) => intersectPortSets(ports, one)).find((one) => !isNoPort(one))
    const possible = shared && pods.find((pod) => others.holds(pod))
    return shared === undefined || possible === undefined
      ? []
      : [{ kind: 'possible', subject, direction, group, possible, ports: shared }]
  })
}
