import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAddress } from '../../compiler/addresses/format-address.ts'
import { answerQuestion } from '../../compiler/explain/answer-question.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { oracle } from '../oracle/oracle.ts'
import { namespaceOf } from '../oracle/owner-of.ts'
import type { RawPod } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { askedCluster } from './ask-cluster.ts'

test('a pod that is not in the input is answered as the oracle answers with that pod added', () => {
  const seen = { allowed: 0, denied: 0 }
  fc.assert(
    fc.property(clusters(), fc.nat(), fc.boolean(), (raw, choice, isSource) => {
      const model = raw.pods[choice % Math.max(1, raw.pods.length)]
      fc.pre(model !== undefined)
      const labels = model.metadata.labels ?? {}
      const pod = { labels: Object.entries(labels), namespace: namespaceOf(model) }
      const whole = askedCluster(raw)
      for (const { source, destination, protocol, port } of interestingConnections(raw, 20)) {
        // A question about a pod that is not there names a port.
        if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') continue
        const other = isSource ? destination : source
        const ends = isSource ? { from: pod, to: other } : { from: other, to: pod }
        const answer = answerQuestion(whole, { ...ends, port: `${port}/${protocol}`, namespace: 'default' })
        if (answer.kind === 'problem') throw new Error(answer.problem)
        for (const { connection, answer: said } of answer.pairs.flatMap(({ families }) => families)) {
          if (connection === undefined) throw new Error('no end is a node')
          const asked = { source: formatAddress(connection.source), destination: formatAddress(connection.destination) }
          const own = isSource ? asked.source : asked.destination
          const added = {
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: { name: 'possible', namespace: pod.namespace, labels },
            spec: {},
            status: { phase: 'Running', podIP: own, podIPs: [{ ip: own }] },
          } as unknown as RawPod
          const verdict = oracle({ ...raw, pods: [...raw.pods, added] })({ ...asked, protocol, port })
          seen[verdict.allowed ? 'allowed' : 'denied'] += 1
          expect({ asked, protocol, port, allowed: said.allowed }).toEqual({
            asked,
            protocol,
            port,
            allowed: verdict.allowed,
          })
        }
      }
    }),
    lawParameters(40),
  )
  expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(50)
})
