import { FAMILIES, type Family } from '../addresses/address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { findEnd } from '../cluster/find-end.ts'
import type { FoundEnd } from '../cluster/found-end.ts'
import type { Connection, Peer, Transport } from '../graph/judge.ts'
import { peerOf } from '../reach/allowed-ports.ts'
import { destinationsOf } from './destinations-of.ts'
import { type ConnectionAnswer, explainConnection } from './explain-connection.ts'
import { lookUpNames } from './name-lookup.ts'
import { parsePort } from './parse-port.ts'
import { serviceSourceNotes } from './service-source-notes.ts'
import { type Site, sourcesOf } from './sources-of.ts'

/** `selvedge explain FROM TO PORT`, as typed. */
export interface Question {
  readonly from: string
  readonly to: string
  readonly port: string
  /** Of words that do not say theirs. */
  readonly namespace: string
}

/** One connection in one family, and why it is allowed or not. */
export interface FamilyAnswer {
  readonly family: Family
  readonly connection: Connection
  readonly answer: ConnectionAnswer
}

/** From one end to another, in every family that both have. */
export interface PairAnswer {
  readonly from: string
  readonly to: string
  readonly transport: Transport
  readonly allowed: boolean
  readonly families: readonly FamilyAnswer[]
}

export interface Explanation {
  readonly kind: 'answer'
  readonly from: string
  readonly to: string
  /** All pairs. */
  readonly allowed: boolean
  /** One, or one for each pod that an end stands for and that may be answered differently. */
  readonly pairs: readonly PairAnswer[]
  /** What else has to be known: translated ports, names that cannot be looked up, addresses that policy sees. */
  readonly notes: readonly string[]
}

/** The question cannot be answered as it was put. */
export interface QuestionProblem {
  readonly kind: 'problem'
  readonly problem: string
  readonly hint: string
}

export function answerQuestion(cluster: Cluster, question: Question): Explanation | QuestionProblem {
  const port = parsePort(question.port)
  if (port.kind === 'problem') return port
  const from = findEnd(cluster, question.from, question.namespace)
  if (from.kind === 'nothing') return { ...from, kind: 'problem' }
  // A short DNS name is completed with the namespace of the pod that asks for it.
  const asker = from.kind === 'pods' ? (from.pods[0]?.pod.namespace ?? question.namespace) : question.namespace
  const inOwn = findEnd(cluster, question.to, question.namespace)
  const to = inOwn.kind === 'nothing' ? orElse(findEnd(cluster, question.to, asker), inOwn) : inOwn
  if (to.kind === 'nothing') return { ...to, kind: 'problem' }
  const sources = sourcesOf(cluster, from)
  if (sources.kind === 'problem') return sources
  const destinations = destinationsOf(cluster, to, port)
  if (destinations.kind === 'problem') return destinations

  const all = sources.sites.flatMap((source) =>
    destinations.list.map(({ site, transport }) => answerPair(cluster, source, site, transport)),
  )
  // Of a Service in two families, the pods of the other one are never tried.
  const pairs = all.filter(({ families }) => families.length > 0)
  const apart = all.find(({ families }) => families.length === 0)
  const disjoint = apart && `${apart.from} and ${apart.to} have no address of one family`
  if (disjoint !== undefined && pairs.length === 0) {
    return { kind: 'problem', problem: disjoint, hint: 'no connection is possible, whatever policy says' }
  }
  return {
    kind: 'answer',
    from: from.name,
    to: to.name,
    allowed: pairs.every(({ allowed }) => allowed),
    pairs,
    notes: [
      ...sources.notes,
      ...destinations.notes,
      ...serviceSourceNotes(from, to),
      ...lookupNotes(cluster, sources.sites, to),
      ...(disjoint === undefined ? [] : [disjoint]),
      ...itselfNotes(pairs),
    ],
  }
}

function orElse(found: FoundEnd, first: FoundEnd): FoundEnd {
  return found.kind === 'nothing' ? first : found
}

/** What one pod of a workload may do says nothing of two of them. */
function itselfNotes(pairs: readonly PairAnswer[]): readonly string[] {
  return pairs
    .filter(({ families }) => families.some(({ answer }) => answer.itself))
    .map(({ from }) => `${from} is one pod at both ends: a pod always reaches itself, whatever policy says`)
}

function answerPair(cluster: Cluster, from: Site, asked: Site, transport: Transport): PairAnswer {
  const to = from.kind === 'pod' && asked.kind === 'pod' && from.pod === asked.pod ? replicaOf(asked) : asked
  const families = FAMILIES.flatMap((family): readonly FamilyAnswer[] => {
    const source = endOf(from, family)
    const destination = endOf(to, family)
    if (source === undefined || destination === undefined) return []
    const connection = { source: source.address, destination: destination.address, transport }
    return [{ family, connection, answer: explainConnection(cluster, connection) }]
  })
  return { from: from.name, to: to.name, transport, allowed: families.every(({ answer }) => answer.allowed), families }
}

/** A workload asked about itself means two of its pods, where it has two. */
function replicaOf(site: Extract<Site, { kind: 'pod' }>): Site {
  return site.replica === undefined ? site : { ...site, pod: site.replica }
}

function endOf(site: Site, family: Family): Peer | undefined {
  if (site.kind === 'pod') return peerOf(site.pod, family)
  return site.address.family === family ? { address: site.address, owner: undefined } : undefined
}

/** Whoever connects by name asks the cluster's DNS first, and that is egress too. */
function lookupNotes(cluster: Cluster, sites: readonly Site[], to: FoundEnd): readonly string[] {
  if (to.kind !== 'service' || to.dnsName === undefined) return []
  const { dnsName } = to
  return sites.flatMap((site) => {
    if (site.kind !== 'pod' || site.pod.egress === 'open') return []
    const { allowed, assumed: guessed } = lookUpNames(cluster, site.pod)
    if (allowed) return []
    const assumed = !guessed
      ? ''
      : ' (the input holds no DNS pod; one in kube-system with k8s-app=kube-dns was assumed)'
    return [
      `${site.name} cannot look up the name ${dnsName}: its egress to the cluster's DNS on UDP 53 is denied${assumed}`,
    ]
  })
}
