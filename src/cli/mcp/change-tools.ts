import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import type { McpFlags } from '../mcp-command.ts'
import { ANSWER, citedIn, refusal, resultOf } from './answer.ts'
import { READ_ONLY } from './read-only.ts'
import type { RunCommand } from './run-command.ts'
import { clusterArguments, FILES, NAMESPACE, readingArguments, refusedPath, WORD } from './tool-input.ts'
import { testedPaths } from './tested-paths.ts'

const SIDES = z.strictObject({
  before: WORD.optional().describe('manifests before: a file or folder (default: the live cluster)'),
  after: WORD.describe('manifests after: a file or folder'),
  namespace: NAMESPACE,
})

const TESTS = z.strictObject({
  tests: z.array(WORD).min(1).max(50).describe('PolicyTests, or folders of *.policytest.yaml'),
  namespace: NAMESPACE,
  files: FILES.describe('manifests to hold them against (default: those that the tests name)'),
})

const SEEN = z.strictObject({
  flows: WORD.describe('what was seen: a file of selvedge flows -o json'),
  closeUnseen: z.boolean().optional().describe('close the directions in which nothing was seen, too'),
  namespace: NAMESPACE,
  files: FILES,
})

/** diff, lint, test, suggest. */
export function addChangeTools(server: McpServer, flags: McpFlags, run: RunCommand): void {
  server.registerTool(
    'diff',
    {
      description:
        'What a change of manifests opens and closes, and the rules behind what may connect before and after.',
      inputSchema: SIDES,
      outputSchema: ANSWER,
      annotations: READ_ONLY,
    },
    async ({ before, after, namespace = flags.namespace }, { signal }) => {
      const outside = refusedPath(flags, before === undefined ? [after] : [before, after])
      if (outside !== undefined) return refusal(outside)
      const reading = [`--namespace=${namespace}`, ...clusterArguments(flags)]
      const sides = [before === undefined ? 'cluster' : asPath(before), asPath(after)]
      const ran = await run(['diff', ...reading, '--why', '--output=json', '--', ...sides], signal)
      if (ran.kind === 'refused') return refusal(ran.problem)
      // The ruleset is the agents' matter, and long.
      const { ruleset: _, notes: __, ...answer } = JSON.parse(ran.stdout) as Readonly<Record<string, unknown>>
      const verdict = ran.exitCode === 0 ? 'same' : 'changes'
      return resultOf({ verdict, ...citedIn(answer), suggestion: null, notes: [...ran.notes], answer })
    },
  )
  server.registerTool(
    'lint',
    {
      description: 'What in policies is most likely not what was meant, with the line and what to do.',
      inputSchema: z.strictObject({ namespace: NAMESPACE, files: FILES }),
      outputSchema: ANSWER,
      annotations: READ_ONLY,
    },
    async (input, { signal }) => {
      const outside = refusedPath(flags, input.files)
      if (outside !== undefined) return refusal(outside)
      const ran = await run(['lint', ...readingArguments(flags, input), '--output=json'], signal)
      if (ran.kind === 'refused') return refusal(ran.problem)
      const findings = JSON.parse(ran.stdout) as readonly { readonly object: string }[]
      const policies = findings.flatMap(({ object }) => /^NetworkPolicy (\S+)$/.exec(object)?.[1] ?? [])
      const verdict = findings.length === 0 ? 'clean' : 'findings'
      const { places } = citedIn(findings)
      const cited = { policies: [...new Set(policies)].toSorted(), places }
      return resultOf({ verdict, ...cited, suggestion: null, notes: [...ran.notes], answer: { findings } })
    },
  )
  server.registerTool(
    'test',
    {
      description:
        'Holds policies against PolicyTests of who may reach whom; says of each that fails which rule does it.',
      inputSchema: TESTS,
      outputSchema: ANSWER,
      annotations: READ_ONLY,
    },
    async ({ tests, ...input }, { signal }) => {
      const outside = refusedPath(flags, [...tests, ...(input.files ?? [])]) ?? refusedPath(flags, testedPaths(tests))
      if (outside !== undefined) return refusal(outside)
      const reading = readingArguments(input.files === undefined ? ofTests(flags) : flags, input)
      const ran = await run(['test', ...reading, '--output=json', '--', ...tests], signal)
      if (ran.kind === 'refused') return refusal(ran.problem)
      const answer = JSON.parse(ran.stdout) as Record<string, unknown>
      const verdict = ['passed', 'failed', 'unanswered'][ran.exitCode] ?? 'unanswered'
      return resultOf({ verdict, ...citedIn(answer), suggestion: null, notes: [...ran.notes], answer })
    },
  )
  addSuggestTool(server, flags, run)
}

/** Policies are printed and never applied, so suggest is as harmless as the others. */
function addSuggestTool(server: McpServer, flags: McpFlags, run: RunCommand): void {
  server.registerTool(
    'suggest',
    {
      description:
        'First policies for a namespace, made of the flows that were seen, audited and tried; what they open beyond those is told.',
      inputSchema: SEEN,
      outputSchema: ANSWER,
      annotations: READ_ONLY,
    },
    async ({ flows, closeUnseen = false, ...input }, { signal }) => {
      const outside = refusedPath(flags, [flows, ...(input.files ?? [])])
      if (outside !== undefined) return refusal(outside)
      const asked = ['suggest', ...readingArguments(flags, input), `--flows=${flows}`]
      const ask = async (output: string) =>
        await run([...asked, ...(closeUnseen ? ['--close-unseen'] : []), `--output=${output}`], signal)
      const ran = await ask('json')
      if (ran.kind === 'refused') return refusal(ran.problem)
      const { items } = JSON.parse(ran.stdout) as { readonly items: readonly Suggested[] }
      const text = items.length === 0 ? undefined : await ask('yaml')
      if (text?.kind === 'refused') return refusal(text.problem)
      const policies = items.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`)
      const complete = items.length === 0 ? 'nothing' : 'suggested'
      return resultOf({
        verdict: ran.exitCode === 0 ? complete : 'incomplete',
        policies,
        places: [],
        suggestion: text?.stdout ?? null,
        notes: [...ran.notes],
        answer: { items },
      })
    },
  )
}

interface Suggested {
  readonly metadata: { readonly namespace: string; readonly name: string }
}

/** A folder of the name `cluster` is not the live one. */
function asPath(path: string): string {
  return path === 'cluster' ? './cluster' : path
}

/** Tests say themselves what they are about, before the server does. */
function ofTests(flags: McpFlags): McpFlags {
  const { filename: _, kustomize: __, ...rest } = flags
  return rest
}
