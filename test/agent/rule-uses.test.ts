import { expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { RuleUse } from '../../compiler/lint/rule-use.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { createRuleBook } from '../../src/agent/rule-book.ts'
import { auditedRuleUses, ruleUses } from '../../src/agent/rule-uses.ts'
import { withMode } from '../arbitraries/audited.ts'
import { decodeCluster } from '../laws/decode-cluster.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'
import type { RawPolicy } from '../oracle/raw-cluster.ts'

const PODS = ['db', 'web'].map((name, index) => pod(`shop/${name}`, `10.244.1.${index + 1}`, { labels: { app: name } }))

/** Each way of one policy for all pods of shop. */
const everybody: RawPolicy = policy('shop/everybody', {
  podSelector: {},
  ingress: [{ ports: [{ port: 80 }] }],
  egress: [{ ports: [{ port: 53 }] }],
})

function told(...policies: readonly RawPolicy[]) {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  engine.apply(decodeCluster(clusterOf(...PODS, ...policies)).map((object) => ({ type: 'put', object })))
  const book = createRuleBook(() => 0)
  const chains = [...engine.ruleset().chains]
  book.take(new Map(chains.map(([name, { rules }]) => [name, rules.map(() => 0)])), engine.classUses(), 1)
  const words = (uses: readonly RuleUse[]) => uses.map(({ policy: of, rule, use }) => `${of} ${rule} ${use}`)
  return { all: words(ruleUses(book, engine.local)), audited: words(auditedRuleUses(book, engine.local)) }
}

test('where an enforced policy isolates one of its pods, an audited rule of that direction is not asked, and not never used', () => {
  const audited = withMode(everybody, 'audit')
  expect(told(audited).audited).toEqual(['shop/everybody ingress[0] never', 'shop/everybody egress[0] never'])
  const db = policy('shop/db', { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ ports: [{ port: 5432 }] }] })
  expect(told(audited, db)).toEqual({
    all: ['shop/db ingress[0] never', 'shop/everybody ingress[0] not asked', 'shop/everybody egress[0] never'],
    audited: ['shop/everybody ingress[0] not asked', 'shop/everybody egress[0] never'],
  })
  expect(told(everybody, db).all).not.toContain('shop/everybody ingress[0] not asked')
})
