import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import type { McpFlags } from '../mcp-command.ts'
import { ANSWER, type Answer, citedIn, refusal, resultOf } from './answer.ts'
import { READ_ONLY } from './read-only.ts'
import type { RunCommand } from './run-command.ts'
import { FILES, NAMESPACE, PORT, readingArguments, refusedPath, WORD } from './tool-input.ts'

const QUESTION = z.strictObject({
  from: WORD.describe('namespace/pod, namespace/workload, an address, or ingress/NAME'),
  to: WORD.describe('the same, or svc/NAME, a DNS name of the cluster, dns, apiserver'),
  port: PORT.describe('5432, 53/UDP, a name of a port, or icmp'),
  namespace: NAMESPACE,
  files: FILES,
})

const TARGET = z.strictObject({
  to: WORD.regex(/^[^,]*$/, 'one name, without commas').describe('namespace/pod or namespace/workload'),
  port: PORT.optional().describe('5432, 53/UDP or icmp (default: every port)'),
  namespace: NAMESPACE,
  files: FILES,
})

/** can_reach, explain, who_can_reach. */
export function addQuestionTools(server: McpServer, flags: McpFlags, run: RunCommand): void {
  const explain = async (
    question: z.infer<typeof QUESTION>,
    signal: AbortSignal,
    isForPeople: boolean,
  ): Promise<CallToolResult> => {
    const outside = refusedPath(flags, question.files)
    if (outside !== undefined) return refusal(outside)
    const ask = async (output: string) =>
      await run(
        ['explain', ...readingArguments(flags, question), `--output=${output}`].concat(
          '--',
          question.from,
          question.to,
          question.port,
        ),
        signal,
      )
    const ran = await ask('json')
    if (ran.kind === 'refused') return refusal(ran.problem)
    const answer = JSON.parse(ran.stdout) as Record<string, unknown>
    const told = answerOf(answer, ran.exitCode === 0 ? 'allowed' : 'denied', ran.notes)
    if (!isForPeople) return resultOf(told)
    const text = await ask('text')
    if (text.kind === 'refused') return refusal(text.problem)
    return text.exitCode === ran.exitCode
      ? resultOf(told, text.stdout)
      : refusal('what is asked about changed meanwhile; ask again')
  }

  server.registerTool(
    'can_reach',
    {
      description:
        'May FROM connect to TO on PORT? Which policies decide, where they are written, and what would allow it.',
      inputSchema: QUESTION,
      outputSchema: ANSWER,
      annotations: READ_ONLY,
    },
    async (question, { signal }) => await explain(question, signal, false),
  )
  server.registerTool(
    'explain',
    {
      description: 'The same as can_reach, with the reasons of both directions as text for people.',
      inputSchema: QUESTION,
      outputSchema: ANSWER,
      annotations: READ_ONLY,
    },
    async (question, { signal }) => await explain(question, signal, true),
  )
  server.registerTool(
    'who_can_reach',
    {
      description: 'Who may connect to a pod or workload, addresses and pods that are not there yet included.',
      inputSchema: TARGET,
      outputSchema: ANSWER,
      annotations: READ_ONLY,
    },
    async (target, { signal }) => {
      const outside = refusedPath(flags, target.files)
      if (outside !== undefined) return refusal(outside)
      const reading = [...readingArguments(flags, target), '--output=json']
      const policies = await run(['policies', ...reading, '--', target.to], signal)
      if (policies.kind === 'refused') return refusal(policies.problem)
      const port = target.port === undefined ? [] : [`--port=${target.port}`]
      const graph = await run(['graph', ...reading, `--focus=${target.to}`, ...port], signal)
      if (graph.kind === 'refused') return refusal(graph.problem)
      const { groups } = JSON.parse(policies.stdout) as PoliciesAnswer
      const peers = peersOf(JSON.parse(graph.stdout) as GraphAnswer, new Set(groups.flatMap(({ pods }) => pods)))
      const answer = { to: target.to, peers, groups: groups.map(({ pods, ingress }) => ({ pods, ingress })) }
      return resultOf(answerOf(answer, peers.length === 0 ? 'nobody' : 'somebody', graph.notes))
    },
  )
}

interface PoliciesAnswer {
  readonly groups: readonly { readonly pods: readonly string[]; readonly ingress: unknown }[]
}

interface GraphAnswer {
  readonly nodes: readonly { readonly id: string; readonly pods?: readonly string[] }[]
  readonly edges: readonly { readonly from: string; readonly to: string }[]
}

/** The edges that lead to these pods. */
function peersOf({ nodes, edges }: GraphAnswer, pods: ReadonlySet<string>): readonly object[] {
  const ids = new Set(nodes.filter((node) => node.pods?.some((pod) => pods.has(pod)) === true).map(({ id }) => id))
  return edges.filter(({ to }) => ids.has(to))
}

function answerOf(printed: Record<string, unknown>, verdict: string, notes: readonly string[]): Answer {
  // The command has said its notes on standard error, too.
  const { notes: _, ...answer } = printed
  const { suggestion } = answer as { readonly suggestion?: { readonly yaml: string } }
  return { verdict, ...citedIn(answer), suggestion: suggestion?.yaml ?? null, notes: [...notes], answer }
}
