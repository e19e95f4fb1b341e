import { formatAddress } from '../../compiler/addresses/format-address.ts'
import { answerQuestion } from '../../compiler/explain/answer-question.ts'
import type { NodePortQuestion } from '../arbitraries/node-ports.ts'
import { matchesSelector } from '../oracle/match-selector.ts'
import { seenThroughNodePort } from '../oracle/node-port.ts'
import { oracle } from '../oracle/oracle.ts'
import { namespaceOf } from '../oracle/owner-of.ts'
import { internalAddresses, staysOnNode } from '../oracle/stays-on-node.ts'
import { askedCluster } from './ask-cluster.ts'

export interface NodePortOutcome {
  readonly source: string
  /** By the oracle: each connection that a hook sees, and whether it is allowed. None: it leads nowhere. */
  readonly wanted: readonly string[]
  /** By explain. */
  readonly said: readonly string[]
}

/** What explain says of each client of a node port, and what the oracle says of all that hooks see of it. */
export function nodePortOutcomes({ cluster, service, node, sources }: NodePortQuestion): readonly NodePortOutcome[] {
  const { selector } = service.spec
  const behind = cluster.pods.filter(
    (pod) =>
      namespaceOf(pod) === namespaceOf(service) &&
      matchesSelector({ matchLabels: selector }, pod.metadata.labels ?? {}),
  )
  // An endpoint on the network of a node is no pod to policy; without a selector there is none at all.
  if (behind.some((pod) => pod.spec?.hostNetwork === true) || Object.keys(selector).length === 0) return []
  const judge = oracle(cluster)
  const asked = askedCluster(cluster, [service])
  const [port] = service.spec.ports
  return sources.flatMap((source) => {
    const to = internalAddresses(node).find((address) => address.includes(':') === source.includes(':'))
    if (to === undefined || port === undefined) return []
    const words = { from: source, to, port: `${port.nodePort}/${port.protocol}`, namespace: 'default' }
    const answer = answerQuestion(asked, words)
    const families = answer.kind === 'problem' ? [] : answer.pairs.flatMap((pair) => pair.families)
    const said = families.flatMap(({ connection, answer: { allowed } }) => {
      if (connection === undefined || connection.transport.protocol === 'other') return ['of an unknown address']
      const ends = `${formatAddress(connection.source)} > ${formatAddress(connection.destination)}`
      return [`${ends} ${connection.transport.port} ${connection.only ?? 'both'}: ${allowed}`]
    })
    const seen = seenThroughNodePort(cluster, service, node, source)
    const reaches = seen.some(({ connection, only }) => only !== 'egress' && connection.destination !== to)
    const wanted = seen.map(({ connection, only }) => {
      const verdict = judge(connection)
      const allowed = staysOnNode(cluster, connection) || (only === undefined ? verdict : verdict[only]).allowed
      return `${connection.source} > ${connection.destination} ${connection.port} ${only ?? 'both'}: ${allowed}`
    })
    return [{ source, said: unique(said), wanted: reaches ? unique(wanted) : [] }]
  })
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort()
}
