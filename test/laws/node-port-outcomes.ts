import { answerQuestion } from '../../compiler/explain/answer-question.ts'
import type { NodePortQuestion } from '../arbitraries/node-ports.ts'
import { matchesSelector } from '../oracle/match-selector.ts'
import { seenThroughNodePort } from '../oracle/node-port.ts'
import { oracle } from '../oracle/oracle.ts'
import { namespaceOf } from '../oracle/owner-of.ts'
import { internalAddresses, staysOnNode } from '../oracle/stays-on-node.ts'
import { askedCluster } from './ask-cluster.ts'

export type Outcome = 'allowed' | 'denied' | 'nowhere'

/** What explain says of each client of a node port, and what the oracle says of all that hooks see of it. */
export function nodePortOutcomes({ cluster, service, node, sources }: NodePortQuestion): readonly {
  readonly source: string
  readonly wanted: Outcome
  readonly said: Outcome
}[] {
  const behind = cluster.pods.filter(
    (pod) =>
      namespaceOf(pod) === namespaceOf(service) &&
      matchesSelector({ matchLabels: service.spec.selector }, pod.metadata.labels ?? {}),
  )
  // An endpoint on the network of a node is no pod to policy; without a selector there is none at all.
  if (behind.some((pod) => pod.spec?.hostNetwork === true)) return []
  if (Object.keys(service.spec.selector).length === 0) return []
  const judge = oracle(cluster)
  const asked = askedCluster(cluster, [service])
  const [port] = service.spec.ports
  return sources.flatMap((source) => {
    const to = internalAddresses(node).find((address) => address.includes(':') === source.includes(':'))
    if (to === undefined || port === undefined) return []
    const answer = answerQuestion(asked, {
      from: source,
      to,
      port: `${port.nodePort}/${port.protocol}`,
      namespace: 'default',
    })
    const said: Outcome = answer.kind === 'problem' ? 'nowhere' : answer.allowed ? 'allowed' : 'denied'
    const seen = seenThroughNodePort(cluster, service, node, source)
    const reaching = seen.filter(({ only }) => only !== 'egress')
    const isAllowed = seen.every(({ connection, only }) => {
      if (staysOnNode(cluster, connection)) return true
      const verdict = judge(connection)
      return only === undefined ? verdict.allowed : verdict[only].allowed
    })
    return [{ source, said, wanted: reaching.length === 0 ? 'nowhere' : isAllowed ? 'allowed' : 'denied' }]
  })
}
