import type { Cluster } from '../cluster/create-cluster.ts'
import type { Refusal } from '../explain/site.ts'
import { askExplain } from './ask-explain.ts'
import { describeFinding, type Failure } from './describe-finding.ts'
import { type Judged, judgeExpect } from './judge-expect.ts'
import { judgeAtMost } from './judge-at-most.ts'
import { judgeOnly } from './judge-only.ts'
import { lonelyPods } from './lonely-pods.ts'
import type { Assertion, End } from './policy-test.ts'
import { createWorld, withSeconds, type World } from './world.ts'

/** What came of one assertion. */
export interface TestResult {
  readonly assertion: Assertion
  /** `unanswered`: it cannot be judged as it is written, or against this input. */
  readonly status: 'passed' | 'failed' | 'unanswered'
  /** The first ones, each with its reasons. */
  readonly failures: readonly Failure[]
  /** How many more pairs are not as they should be. */
  readonly more: number
  /** Why it is unanswered, and what would help. */
  readonly problem: string
}

const MOST_FAILURES = 3

/** Judges all assertions against one cluster. `namespace`: of words that do not say theirs. */
export function runAssertions(
  cluster: Cluster,
  assertions: readonly Assertion[],
  namespace: string,
): readonly TestResult[] {
  const first = createWorld(cluster, namespace, assertions.some(asksDns))
  const world = withSeconds(first, lonelyPods(first, assertions))
  return assertions.map((assertion) => resultOf(world, assertion))
}

function resultOf(world: World, assertion: Assertion): TestResult {
  const judged = judgeAssertion(world, assertion)
  if (judged.kind === 'problem') {
    const problem = judged.hint === '' ? judged.problem : `${judged.problem}; ${judged.hint}`
    return { assertion, status: 'unanswered', failures: [], more: 0, problem }
  }
  const { findings } = judged
  const failures = findings.slice(0, MOST_FAILURES).map((finding) => describeFinding(world, finding))
  const status = findings.length === 0 ? 'passed' : 'failed'
  return { assertion, status, failures, more: findings.length - failures.length, problem: '' }
}

function judgeAssertion(world: World, assertion: Assertion): Judged | Refusal {
  switch (assertion.kind) {
    case 'expect':
      return askExplain(world, assertion) ?? judgeExpect(world, assertion)
    case 'only':
      return judgeOnly(world, assertion)
    case 'at most':
      return judgeAtMost(world, assertion)
  }
}

function asksDns(assertion: Assertion): boolean {
  switch (assertion.kind) {
    case 'expect':
      return [assertion.from, assertion.to].some(isDns)
    case 'only':
      return [assertion.to, ...assertion.clients].some(isDns)
    case 'at most':
      return [assertion.from, ...assertion.destinations.map(({ end }) => end)].some(isDns)
  }
}

function isDns(end: End): boolean {
  if (end.kind === 'word') return end.word === 'dns'
  return (end.kind === 'not' || end.kind === 'any of') && end.ends.some(isDns)
}
