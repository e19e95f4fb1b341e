import { setTimeout as pause } from 'node:timers/promises'
import { type Command as Program, Command, Option } from 'commander'
import type { Cluster } from '../../compiler/cluster/create-cluster.ts'
import { createDeniedRow } from '../../compiler/flows/denied-row.ts'
import { createGrowth, type GrownFlow } from '../../compiler/flows/grown-flows.ts'
import type { SeenFlow } from '../../compiler/flows/seen-flow.ts'
import type { AgentDenied } from '../telemetry/agent-denied.ts'
import { isAgentDenied } from '../telemetry/is-agent-denied.ts'
import { type GrownRow, watchJson, watchLine, watchScreen } from '../views/watch-text.ts'
import { addAskingOptions, askAndRead, type AskingFlags, type NodesAsked, tellSilent, tryNodes } from './ask-nodes.ts'
import { addFlowFilter, flowFilter, type FlowFilterFlags } from './flow-filter.ts'
import { instantsBefore } from './instants-before.ts'
import { readClusterInput } from './read-cluster-input.ts'
import { addReadingOptions, isOfManifests, type ReadingFlags } from './reading-options.ts'
import { textStyle } from './text-style.ts'

interface WatchFlags extends ReadingFlags, AskingFlags, FlowFilterFlags {
  readonly output: 'text' | 'json'
}

const HELP = `
What was denied before it began is for "selvedge denied". It ends with Ctrl-C. Each look asks every agent once: on a cluster
of many nodes, name the one that matters with --node.`

const QUESTION = { word: 'denied', isAnswer: isAgentDenied } as const

const LOOK_MILLISECONDS = 2_000
/** Names and policies are read again for a row that comes later than this after the last time, or ten times as long as that took. */
const NAMES_MILLISECONDS = 10_000
const NAMES_SHARE = 10

/** `selvedge watch`: denied flows as they come and grow, until somebody ends it. */
export function watchCommand(): Program {
  const command = new Command('watch').description('denied flows as they come and grow, and why')
  return addFlowFilter(addAskingOptions(addReadingOptions(command, 'narrowing')))
    .addOption(
      new Option('-o, --output <format>', 'text, or json: one object a line').choices(['text', 'json']).default('text'),
    )
    .addHelpText('after', HELP)
    .action(watch)
}

async function watch(flags: WatchFlags, command: Program): Promise<void> {
  const stopped = stopSignal()
  let began = performance.now()
  const first = await askAndRead(QUESTION, flags)
  if (first === undefined) return
  const names = createNames(first.cluster, flags, performance.now() - began)
  const growth = createGrowth<SeenFlow>()
  take(first.asked)
  const tell = createTeller(flags, new Date())
  let silent = silentText(first.asked)
  const isAsked = flowFilter(flags, command)
  tell([])
  while (!stopped.aborted) {
    await pause(Math.max(0, LOOK_MILLISECONDS - (performance.now() - began)), undefined, { signal: stopped }).catch(
      () => undefined,
    )
    if (stopped.aborted) return
    began = performance.now()
    const asked = await tryNodes(QUESTION, flags, stopped)
    if (stopped.aborted) return
    if ('failure' in asked) {
      if (asked.failure !== silent) process.stderr.write(`${asked.failure}\n`)
      silent = asked.failure
      continue
    }
    // Said when it changes, not every two seconds.
    if (silentText(asked) !== silent) tellSilent(asked.silent)
    silent = silentText(asked)
    const grown = take(asked)
    tell(grown.length === 0 ? [] : (await rowsOf(grown)).filter(({ row }) => isAsked(row)))
  }

  function take({ answers }: NodesAsked<AgentDenied>): readonly GrownFlow<SeenFlow>[] {
    return answers.flatMap(({ node, flows }) => growth.take(node, flows))
  }

  async function rowsOf(grown: readonly GrownFlow<SeenFlow>[]): Promise<readonly GrownRow[]> {
    const cluster = await names()
    const rowOf = createDeniedRow(
      cluster,
      grown.map(({ flow }) => flow),
    )
    const now = Date.now()
    return grown.map(({ flow, delta }) => ({ row: rowOf(flow, instantsBefore(now)), delta, now }))
  }
}

/** The cluster, read again where what is known of it may be old; what it says on the way is said once. */
function createNames(first: Cluster, flags: WatchFlags, took: number): () => Promise<Cluster> {
  let known: Cluster = first
  let readAt = performance.now()
  let patience = Math.max(NAMES_MILLISECONDS, took * NAMES_SHARE)
  return async () => {
    const began = performance.now()
    if (isOfManifests(flags) || began - readAt < patience) return known
    known = (await readClusterInput(flags)) ?? known
    // What could not be read this time is no end: the names of before are better than none.
    process.exitCode = undefined
    readAt = performance.now()
    patience = Math.max(NAMES_MILLISECONDS, (readAt - began) * NAMES_SHARE)
    return known
  }
}

/** Lines, or on a terminal a screen that is drawn anew. */
function createTeller({ output }: WatchFlags, began: Date): (rows: readonly GrownRow[]) => void {
  const write = (text: string): void => void process.stdout.write(text)
  if (output === 'json') return (rows) => write(rows.map(watchJson).join(''))
  if (!process.stdout.isTTY) return (rows) => write(rows.map(watchLine).join(''))
  let shown: readonly GrownRow[] = []
  return (rows) => {
    const screen = watchScreen(shown, rows, began, { ...textStyle(), height: screenRows() }, Date.now())
    shown = screen.rows
    write(screen.text)
  }
}

/** A terminal that does not know its size says 0. */
function screenRows(): number {
  return process.stdout.rows > 0 ? process.stdout.rows : 24
}

/** Ctrl-C, SIGTERM, or a reader that has gone. */
function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => controller.abort())
  process.stdout.on('error', () => controller.abort())
  return controller.signal
}

function silentText({ silent }: NodesAsked<AgentDenied>): string {
  return JSON.stringify(silent)
}
