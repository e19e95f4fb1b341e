import { exactPodText, flowEndText } from '../../compiler/flows/flow-end.ts'
import { portText } from '../../compiler/flows/fold-rows.ts'
import type { RuleUse } from '../../compiler/lint/rule-use.ts'
import type { AgentAudit, WouldRow } from '../telemetry/agent-audit.ts'

/** What the agents together know of audited policies. */
export interface AuditReport {
  /** `safe`: nothing would be denied, and nothing is missing over the window. `not told`: nothing that is known, and `why` not more. */
  readonly verdict: 'denies' | 'safe' | 'not told' | 'nothing audited'
  readonly why: readonly string[]
  /** Seconds over which every agent knows everything; undefined: there is no such time. */
  readonly window: number | undefined
  readonly nodes: readonly string[]
  readonly policies: readonly ReportedPolicy[]
  readonly strays: readonly { readonly node: string; readonly invalid: number; readonly bridgeLocal: number | null }[]
}

export interface ReportedPolicy {
  readonly policy: string
  /** Seconds since which it stands as it is on every node; undefined: not on every one. */
  readonly age: number | undefined
  readonly pods: number
  readonly problem: string
  /** Where nodes hold different texts of it, one node of each. */
  readonly differing: readonly string[]
  /** Seen in the window; all that was, where there is none. */
  readonly denies: readonly WouldRow[]
  /** Seen before it, and not since: no word about the window. */
  readonly older: readonly WouldRow[]
  /** Probably answers that came too late, and packets of which nobody knows which end asked. */
  readonly doubtful: readonly WouldRow[]
  readonly opens: readonly WouldRow[]
  /** Its rules, as the nodes where it selects pods know them together. */
  readonly rules: readonly ReportedRule[]
}

/** `age`: seconds since it was found used, or over which it never matched on every one of these nodes. */
export type ReportedRule = Omit<RuleUse, 'policy'>

/** `silent`: nodes that did not answer, or were not asked. `isAsked`: by the policy's name. */
export function auditReport(
  answers: readonly AgentAudit[],
  silent: readonly string[],
  isAsked: (policy: string) => boolean,
): AuditReport {
  const names = [...new Set(answers.flatMap(({ policies }) => policies.map(({ policy }) => policy)))]
    .filter(isAsked)
    .sort()
  const nodes = answers.map(byPolicy)
  const all = names.map((policy) => reported(policy, nodes, silent.length > 0))
  const window = windowOf(answers, all)
  const policies = all.map((one) => withinWindow(one, window))
  const told = { nodes: answers.map(({ node }) => node).sort(), policies, strays: straysOf(answers) }
  if (names.length === 0) return { ...told, verdict: 'nothing audited', why: [], window: undefined }
  const why = [
    ...silent.map((node) => `node ${node} has not answered`),
    ...answers.flatMap((answer) => gapsOf(answer)),
    ...policies.flatMap((one) => doubtsOf(one)),
  ]
  const denies = policies.some((one) => one.denies.length > 0)
  return { ...told, verdict: denies ? 'denies' : why.length > 0 ? 'not told' : 'safe', why, window }
}

function windowOf(answers: readonly AgentAudit[], policies: readonly ReportedPolicy[]): number | undefined {
  const hasWindow =
    answers.every(({ window }) => window.since !== null) && policies.every(({ age }) => age !== undefined)
  if (!hasWindow) return undefined
  return least([...answers.map(({ window }) => window.age), ...policies.map(({ age }) => age ?? 0)])
}

/** Ages are told in whole seconds, by the kernel and by the agent. */
const ROUNDING_SECONDS = 2

/** A window that has just begun anew says little; what was seen an hour ago counts all the same. */
export const LEAST_SECONDS = 3_600

/** An agent remembers for as long as it runs what a window that has begun anew since says nothing of. */
function withinWindow(policy: ReportedPolicy, window = Number.POSITIVE_INFINITY): ReportedPolicy {
  const isWithin = ({ lastAge }: WouldRow): boolean => lastAge <= Math.max(window, LEAST_SECONDS) + ROUNDING_SECONDS
  const { denies, doubtful } = policy
  return {
    ...policy,
    denies: denies.filter(isWithin),
    older: denies.filter((row) => !isWithin(row)),
    doubtful: doubtful.filter(isWithin),
  }
}

/** One node's answer by policy: it may have hundreds of thousands of each. */
interface OfNode {
  readonly node: string
  readonly policies: ReadonlyMap<string, AgentAudit['policies'][number]>
  readonly rules: ReadonlyMap<string, readonly RuleUse[]>
  readonly denies: ReadonlyMap<string, readonly WouldRow[]>
  readonly opens: ReadonlyMap<string, readonly WouldRow[]>
}

function byPolicy({ node, policies, rules = [], denies, opens }: AgentAudit): OfNode {
  return {
    node,
    policies: new Map(policies.map((one) => [one.policy, one])),
    rules: Map.groupBy(rules, ({ policy }) => policy),
    denies: rowsByPolicy(denies),
    opens: rowsByPolicy(opens),
  }
}

function rowsByPolicy(rows: readonly WouldRow[]): ReadonlyMap<string, readonly WouldRow[]> {
  const found = new Map<string, WouldRow[]>()
  for (const row of rows) {
    for (const policy of row.policies) {
      const known = found.get(policy)
      if (known === undefined) found.set(policy, [row])
      else known.push(row)
    }
  }
  return found
}

/** `isPart`: some nodes have not answered. */
function reported(policy: string, nodes: readonly OfNode[], isPart: boolean): ReportedPolicy {
  const here = nodes.map(({ policies }) => policies.get(policy))
  const isOn = here.every((one) => one !== undefined && one.since !== null)
  const rows = (kind: 'denies' | 'opens') => foldRows(nodes.flatMap((node) => node[kind].get(policy) ?? []))
  const denies = rows('denies')
  return {
    policy,
    age: isOn ? least(here.map((one) => one?.age ?? 0)) : undefined,
    pods: here.reduce((sum, one) => sum + (one?.pods ?? 0), 0),
    problem: here.find((one) => one !== undefined && one.problem !== '')?.problem ?? '',
    differing: differingNodes(policy, nodes),
    denies: denies.filter(({ doubt }) => doubt === 'none'),
    older: [],
    doubtful: denies.filter(({ doubt }) => doubt !== 'none'),
    opens: rows('opens').filter(({ doubt }) => doubt === 'none'),
    rules: rulesOf(policy, nodes, isPart),
  }
}

/** A node whose watch has died answers for the text that it last heard of. */
function differingNodes(policy: string, nodes: readonly OfNode[]): readonly string[] {
  const firsts = new Map<string, string>()
  for (const { node, policies } of nodes.toSorted((left, right) => (left.node < right.node ? -1 : 1))) {
    const content = policies.get(policy)?.content
    if (content !== undefined && !firsts.has(content)) firsts.set(content, node)
  }
  return firsts.size > 1 ? [...firsts.values()] : []
}

/** What was used on one node is used; what was used on none is never used only where all can tell. */
function rulesOf(policy: string, nodes: readonly OfNode[], isPart: boolean): readonly ReportedRule[] {
  const asking = nodes.filter(({ policies }) => (policies.get(policy)?.pods ?? 0) > 0)
  const uses = asking.flatMap(({ rules }) => rules.get(policy) ?? [])
  return [...Map.groupBy(uses, ({ rule }) => rule)].map(([rule, here]) => {
    const use = USES.find((one) => here.some((each) => each.use === one)) ?? 'not asked'
    // A node that does not know the rule has another text of the policy; of one that is silent nobody knows anything.
    if (use === 'never' && (isPart || here.length < asking.length))
      return { rule, use: 'not known', packets: 0, age: 0, also: [] }
    const like = here.filter((one) => one.use === use)
    return {
      rule,
      use,
      packets: like.reduce((sum, { packets }) => sum + packets, 0),
      age: least(like.map(({ age }) => age)),
      also: [...new Set(like.flatMap(({ also }) => also))].sort(),
    }
  })
}

/** The first of them that a node says is so. */
const USES: readonly RuleUse['use'][] = ['used', 'not known', 'not asked', 'never']

function least(numbers: readonly number[]): number {
  return numbers.reduce((smallest, one) => Math.min(smallest, one), Number.POSITIVE_INFINITY)
}

/** Why an agent's silence about something means nothing. */
function gapsOf({ node, established, window }: AgentAudit): readonly string[] {
  if (established === 'keep') return [`node ${node} judges no connection that was there before (--established keep)`]
  if (window.since !== null) return []
  return [`node ${node} has not begun to watch live connections again since ${window.because}`]
}

function doubtsOf({ policy, age, problem, differing, doubtful }: ReportedPolicy): readonly string[] {
  const unknown = doubtful.filter(({ doubt }) => doubt === 'direction unknown').length
  return [
    ...(problem === '' ? [] : [`${policy} cannot be compiled: ${problem}`]),
    ...(differing.length === 0 ? [] : [`nodes ${differing.join(' and ')} hold different texts of ${policy}`]),
    ...(age === undefined ? [`${policy} does not stand on every node yet`] : []),
    ...(unknown === 0 ? [] : [`of ${unknown} flows without conntrack state nobody knows which end asked`]),
  ]
}

/** A flow comes by both nodes of its ends, and by both directions: the most that one of them counts. Then pods of one workload are one. */
function foldRows(rows: readonly WouldRow[]): readonly WouldRow[] {
  const flows = joinRows(rows, exactPodText, Math.max)
  return joinRows(flows, flowEndText, (one, other) => one + other).toSorted(
    (left, right) => left.lastAge - right.lastAge,
  )
}

function joinRows(
  rows: readonly WouldRow[],
  endText: typeof flowEndText,
  count: (one: number, other: number) => number,
): readonly WouldRow[] {
  const joined = new Map<string, WouldRow>()
  for (const row of rows) {
    const key = JSON.stringify([endText(row.from), endText(row.to), portText(row.carries), row.doubt])
    const known = joined.get(key)
    joined.set(
      key,
      known === undefined
        ? row
        : {
            ...(known.direction === 'egress' ? known : row),
            packets: count(known.packets, row.packets),
            lastAge: Math.min(known.lastAge, row.lastAge),
            firstAge: Math.max(known.firstAge, row.firstAge),
          },
    )
  }
  return [...joined.values()]
}

function straysOf(answers: readonly AgentAudit[]): AuditReport['strays'] {
  return answers
    .map(({ node, strays: { invalid, bridgeLocal } }) => ({ node, invalid, bridgeLocal }))
    .filter(({ invalid, bridgeLocal }) => invalid > 0 || (bridgeLocal ?? 0) > 0)
}
