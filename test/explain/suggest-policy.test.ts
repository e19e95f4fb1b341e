import { expect, test } from 'vitest'
import { answerQuestion } from '../../compiler/explain/answer-question.ts'
import { suggestFor } from '../../compiler/explain/suggest-for.ts'
import type { Suggestion } from '../../compiler/explain/suggest-policy.ts'
import { clusterOf } from './cluster-of.ts'
import { documents, pod, policy } from './manifests.ts'

/** What is suggested for everything that is denied of a question. */
function suggested(text: string, from: string, to: string, port: string): Suggestion | undefined {
  const cluster = clusterOf(text)
  const answer = answerQuestion(cluster, { from, to, port, namespace: 'shop' })
  if (answer.kind === 'problem') throw new Error(answer.problem)
  return suggestFor(answer)
}

const PODS = [
  pod('shop/db', '10.244.1.2', { labels: { app: 'db', 'pod-template-hash': 'abc' } }),
  pod('ops/web', '10.244.1.3', { labels: { app: 'web' } }),
  pod('dev/web', '10.244.1.4', { labels: { app: 'web' } }),
]
const CLOSED = policy('shop/all', '{podSelector: {}}')

test('a pod of another namespace is let in, and none of a third that has its labels', () => {
  const suggestion = suggested(documents(...PODS, CLOSED), 'ops/web', 'db', '5432')
  expect(suggestion?.opens).toEqual([{ from: 'ops/web', to: 'shop/db', protocol: 'TCP', ports: '5432' }])
  expect(suggestion?.closes).toEqual([])
  expect(suggestion?.yaml).not.toContain('pod-template-hash')
})

test('everybody who has the labels is named, and who is closed by the new policy as well', () => {
  const canary = pod('shop/db-2', '10.244.1.5', { labels: { app: 'db', track: 'canary' } })
  const closed = policy('shop/hash', '{podSelector: {matchLabels: {pod-template-hash: abc}}}')
  const suggestion = suggested(documents(...PODS, canary, closed), 'ops/web', 'db', '5432')
  expect(suggestion?.opens.map(({ from, to }) => `${from} → ${to}`)).toEqual(['ops/web → shop/db'])
  expect(suggestion?.closes).toContainEqual({ from: 'dev/web', to: 'shop/db-2', protocol: '*', ports: '*' })
})

test('both directions, and all pods of a Service, in one text; names that are taken are stepped around', () => {
  const both = policy('ops/all', '{podSelector: {}, policyTypes: [Egress]}')
  const taken = policy('shop/allow-web-to-db-ingress', '{podSelector: {}}')
  const suggestion = suggested(documents(...PODS, CLOSED, both, taken), 'ops/web', 'db', '5432')
  const names = [...(suggestion?.yaml ?? '').matchAll(/^ {2}name: (.*)$/gm)].map(([, name]) => name)
  expect(names).toEqual(['allow-web-to-db-egress', 'allow-web-to-db-ingress-2'])
})

test('an address outside is let in by itself, and ICMP needs every port', () => {
  const outside = suggested(documents(...PODS, CLOSED), '203.0.113.7', 'db', '5432')
  expect(outside?.opens).toEqual([{ from: '203.0.113.7/32', to: 'shop/db', protocol: 'TCP', ports: '5432' }])
  const ping = suggested(documents(...PODS, CLOSED), 'ops/web', 'db', 'icmp')
  expect(ping?.opens).toEqual([{ from: 'ops/web', to: 'shop/db', protocol: '*', ports: '*' }])
})
