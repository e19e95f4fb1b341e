import { expect, test } from 'vitest'
import { answerQuestion } from '../../compiler/explain/answer-question.ts'
import { compareReach } from '../../compiler/reach/compare-reach.ts'
import { differenceText } from '../../src/views/difference-text.ts'
import { explanationText } from '../../src/views/explanation-text.ts'
import { hangingLines } from '../../src/views/hanging-lines.ts'
import { outsideText } from '../../src/views/outside-text.ts'
import { clusterOf } from '../explain/cluster-of.ts'
import { documents, pod, policy } from '../explain/manifests.ts'

const PODS = [pod('shop/web', '10.244.1.2'), pod('shop/db', '10.244.1.3')]
const CLOSED = policy('shop/db', '{podSelector: {matchLabels: {app: db}}}')
const RULESET = { chains: 1, sets: 0, transactions: 1 }

function explained(color: boolean): string {
  const question = { from: 'web', to: 'db', port: '80', namespace: 'shop' }
  const answer = answerQuestion(clusterOf(documents(...PODS, CLOSED)), question)
  return answer.kind === 'problem' ? answer.problem : explanationText(answer, undefined, { color, width: 80 })
}

test('colour marks verdicts and news, and nothing else differs', () => {
  const plain = [
    'denied: shop/web → shop/db TCP 80',
    '  egress of shop/web: open, no policy isolates it',
    '  ingress of shop/db: denied',
    '    isolated by shop/db',
    '    none of these has a rule: nothing is allowed',
    '',
  ]
  expect(explained(false)).toBe(plain.join('\n'))
  expect(explained(true)).toBe(plain.join('\n').replaceAll('denied', '\u001b[31mdenied\u001b[39m'))
  const change = compareReach(clusterOf(documents(...PODS)).graph, clusterOf(documents(...PODS, CLOSED)).graph, 'pod')
  const line = '  - shop/web → shop/db  everything'
  expect(differenceText(change, RULESET, { color: false, width: 80 })).toContain(`\n${line}\n`)
  expect(differenceText(change, RULESET, { color: true, width: 80 })).toContain(`\n\u001b[32m${line}\u001b[39m\n`)
})

test('long lines break between words, and the rest is indented once more', () => {
  expect(hangingLines('  one two  three four\nnext\n', 12)).toBe('  one two\n    three\n    four\nnext\n')
  expect(hangingLines('  a-word-that-is-longer-than-all', 12)).toBe('  a-word-that-is-longer-than-all')
  expect(hangingLines('\u001b[31mone\u001b[39m two', 7)).toBe('\u001b[31mone\u001b[39m two')
})

test.each([
  [['0.0.0.0/0'], '0.0.0.0/0'],
  [['10.0.0.0/9', '10.128.0.0/9'], '10.0.0.0/8'],
  [['10.0.0.0/24', '192.0.2.0/24'], '10.0.0.0/24, 192.0.2.0/24'],
  [['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3', '224.0.0.0/4'], '0.0.0.0/0 except 240.0.0.0/4'],
  [['::/1', '8000::/2', 'c000::/3'], '::/0 except e000::/3'],
])('%j is written %s', (cidrs, wanted) => {
  expect(outsideText(cidrs)).toBe(wanted)
})
