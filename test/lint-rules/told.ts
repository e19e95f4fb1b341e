import { createCluster } from '../../compiler/cluster/create-cluster.ts'
import type { NodeRules } from '../../compiler/lint/rule-use.ts'
import { type Finding, lintCluster } from '../../compiler/lint/lint-cluster.ts'
import type { LintRule } from '../../compiler/lint/lint-rule.ts'
import { readRawObjects } from '../../compiler/lint/raw-object.ts'
import { readSilencers } from '../../compiler/lint/silencer.ts'
import { objectsOf } from '../explain/cluster-of.ts'

/** What the rules say of a file. `complete`: as if it were all of a live cluster. */
export function findingsOf(
  text: string,
  rules?: readonly LintRule[],
  complete = false,
  ruleUse?: readonly NodeRules[],
): readonly Finding[] {
  const { objects, others } = objectsOf(text)
  const raw = readRawObjects([{ file: 'f', text }])
  const cluster = createCluster(objects, others)
  const silencers = readSilencers(cluster, raw, [{ file: 'f', text }])
  return lintCluster({ cluster, raw, complete, ruleUse, silencers }, rules)
}

/** What agents say where they are asked: that nothing was used. */
const UNUSED: readonly NodeRules[] = [
  {
    node: 'node-1',
    rules: [{ policy: 'shop/web', rule: 'ingress[0]', use: 'never', packets: 0, age: 8 * 86_400, also: [] }],
  },
]

/** What all rules say of an example of docs/lint.md, in the section of the rule of that name. */
export function findingsOfExample(name: string, text: string): readonly Finding[] {
  return findingsOf(text, undefined, false, name === 'rule-never-used' ? UNUSED : undefined)
}

/** What one rule says, without places, and how badly it means it. */
export function toldBy(rule: LintRule, text: string, complete = false): readonly string[] {
  return findingsOf(text, [rule], complete).map(
    ({ severity, object, message, hint }) => `${severity}: ${object}: ${message}; ${hint}`,
  )
}

/** What one rule says, without places. */
export function told(rule: LintRule, text: string, complete = false): readonly string[] {
  return findingsOf(text, [rule], complete).map(({ object, message }) => `${object}: ${message}`)
}
