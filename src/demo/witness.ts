import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { AllowGraph } from '../../compiler/graph/allow-graph.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import type { ClusterObject } from '../../compiler/objects/objects.ts'
import type { Lab } from '../lab/lab.ts'
import type { Reachability } from './reachability.ts'
import type { Difference } from './reachability-verdict.ts'
import { askByPackets } from './ask-by-packets.ts'
import type { LiveFlow } from './live-flow.ts'
import { allQuestions, createQuestion } from './questions.ts'
import { LIVE_FLOW, RECEIVERS, SENDERS } from './story.ts'

/** Sees by packets who reaches whom, and holds it against what the compiler says. */
export interface Witness {
  /** Looks once, when these objects are in force; what it saw the last time is what was before. */
  look(step: string, objects: readonly ClusterObject[]): Promise<Seen>
  /** Of all looks together. */
  readonly verdicts: number
  readonly differences: readonly Difference[]
}

export interface Seen {
  readonly reachability: Reachability
  readonly flow: FlowSeen
}

/** How the connection that lives throughout fares. */
export interface FlowSeen {
  readonly flows: boolean
  /** The last time; undefined at the first. */
  readonly flowed: boolean | undefined
}

export function createWitness(lab: Lab, flow: LiveFlow): Witness {
  const questions = allQuestions()
  const flowQuestion = createQuestion(LIVE_FLOW.from, LIVE_FLOW.to, LIVE_FLOW.port)
  const differences: Difference[] = []
  let verdicts = 0
  let before: readonly boolean[] | undefined
  let flowed: boolean | undefined

  return {
    async look(step, objects) {
      const graph = compile(objects)
      const expected = questions.map((question) => question.compiled(graph))
      const flowExpected = flowQuestion.compiled(graph)
      const [answers, flows] = await Promise.all([askByPackets(lab, questions, expected), flow.flows(flowExpected)])
      verdicts += questions.length + 1
      const ways = questions.map(({ from, to, port }, index) => {
        const open = answers[index] ?? false
        if (open !== expected[index]) differences.push({ step, from, to: `${to}:${port}`, open })
        return { from, to, open, wasOpen: before?.[index] ?? open }
      })
      if (flows !== flowExpected) {
        differences.push({ step, from: LIVE_FLOW.from, to: `${LIVE_FLOW.to}:${LIVE_FLOW.port} (live)`, open: flows })
      }
      const seen = { reachability: { senders: SENDERS, receivers: RECEIVERS, ways }, flow: { flows, flowed } }
      before = answers
      flowed = flows
      return seen
    },
    get verdicts() {
      return verdicts
    },
    differences,
  }
}

/** Of the whole cluster, every pod as its own node has it. */
function compile(objects: readonly ClusterObject[]): AllowGraph {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  engine.apply(objects.map((object) => ({ type: 'put', object })))
  return engine.graph()
}
