import { existsSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { nearestWord } from '../../compiler/objects/did-you-mean.ts'
import { checkDnsLabel, checkDnsSubdomain } from '../../compiler/objects/name-syntax.ts'
import { printable } from '../../compiler/objects/quote.ts'
import { askAgent, readAnswer } from '../telemetry/ask-agent.ts'
import { DEFAULT_SOCKET } from '../telemetry/socket-path.ts'
import { StatusSocketError } from '../telemetry/status-socket-error.ts'
import { EXIT } from './exit-codes.ts'
import { nameParser } from './input-options.ts'
import { type ClusterInput, readClusterInput, tellUnreadable } from './read-cluster-input.ts'
import { isOfManifests, type ReadingFlags } from './reading-options.ts'

/** Of every command that asks agents. */
export interface AskingFlags {
  readonly socket?: string
  readonly node?: string
  readonly agentNamespace: string
  readonly kubeconfig?: string
  readonly context?: string
}

/** What there is of the nodes' answers, and whose are missing. */
export interface NodesAsked<Answer> {
  readonly answers: readonly Answer[]
  readonly silent: readonly SilentNode[]
  /** Nodes with an agent, where a cluster was asked. */
  readonly agents: readonly string[]
}

/** In printable text: what is wrong with a node may be in the words of whoever has it. */
export interface SilentNode {
  readonly node: string
  readonly problem: string
  readonly isWithoutAgent?: true
}

/** Of every agent's answers. */
export interface OfNode {
  readonly node: string
}

/** What may be asked, and how an answer is known. */
export interface NodeQuestion<Answer extends OfNode> {
  readonly word: Parameters<typeof askAgent>[1]
  readonly isAnswer: (answer: unknown) => answer is Answer
}

/** A listing of full sets takes nft half a second, and longer on a node that is busy. */
const PATIENCE_MILLISECONDS = 20_000

export function addAskingOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--socket <path>',
        `ask one agent, by its unix socket (default: ${DEFAULT_SOCKET} where it is and no cluster is named; else every agent of the cluster, by exec)`,
      ).conflicts('node'),
    )
    .option('--node <name>', 'ask the agent of this node only, by exec', nameParser(checkDnsSubdomain))
    .option('--agent-namespace <name>', 'where the agents run', nameParser(checkDnsLabel), 'kube-system')
}

/**
 * The socket of the agent to ask; undefined: every agent of the cluster, or the one of `--node`. Whoever names a cluster means that one,
 * whatever runs on this machine.
 */
function socketOf({ socket, node, kubeconfig, context }: AskingFlags): string | undefined {
  const isElsewhere = [node, kubeconfig, context].some((flag) => flag !== undefined)
  return socket ?? (!isElsewhere && existsSync(DEFAULT_SOCKET) ? DEFAULT_SOCKET : undefined)
}

/**
 * What {@link askNodes} gives, and a cluster to put names to it: both at once where both are the API server's, the socket first where
 * one is asked. Nodes of the cluster without an agent are among those that are silent.
 */
export async function askAndRead<Answer extends OfNode>(
  question: NodeQuestion<Answer>,
  flags: AskingFlags & ReadingFlags,
): Promise<{ readonly asked: NodesAsked<Answer>; readonly cluster: ClusterInput } | undefined> {
  const isOfCluster = socketOf(flags) === undefined
  const unread: string[] = []
  const asking = askNodes(question, flags)
  const reading = isOfCluster ? readClusterInput({ ...flags, unreadable: (reason) => unread.push(reason) }) : undefined
  const asked = await asking
  const cluster = asked === undefined ? await reading : await (reading ?? readClusterInput(flags))
  // Where nobody answers either, the reason has been said, and manifests would not help.
  if (asked !== undefined) unread.forEach(tellUnreadable)
  if (asked === undefined || cluster === undefined) return undefined
  if (!isOfCluster || flags.node !== undefined || isOfManifests(flags)) return { asked, cluster }
  const told = new Set([...asked.silent.map(({ node }) => node), ...asked.agents])
  const without = [...cluster.nodes.keys()].filter((node) => !told.has(node))
  const more = without.map((node) => ({
    node: printable(node),
    problem: 'no agent runs there',
    isWithoutAgent: true as const,
  }))
  tellSilent(more)
  return { asked: { ...asked, silent: [...asked.silent, ...more] }, cluster }
}

/**
 * The agent on this node, or every agent of the cluster. Nodes that did not answer are told of on standard error; undefined where none
 * did, after the reason has been said and the exit code set.
 */
export async function askNodes<Answer extends OfNode>(
  question: NodeQuestion<Answer>,
  flags: AskingFlags,
): Promise<NodesAsked<Answer> | undefined> {
  const asked = await interruptibly((signal) => tryNodes(question, flags, signal))
  tellSilent(asked.silent)
  if (!('failure' in asked)) return asked
  process.stderr.write(`${asked.failure}\n`)
  process.exitCode = EXIT.environment
  return undefined
}

/** Ctrl-C ends the waiting, not the answer; a second one ends the program, as ever. */
async function interruptibly<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController()
  const onInterrupt = (): void => controller.abort()
  process.once('SIGINT', onInterrupt)
  const tellWaiting = (): void => void process.stderr.write('waiting for agents; Ctrl-C shows what there is\n')
  const timer = process.stderr.isTTY ? setTimeout(tellWaiting, WAITING_MILLISECONDS) : undefined
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    process.off('SIGINT', onInterrupt)
  }
}

/** Longer than healthy agents take. */
const WAITING_MILLISECONDS = 3_000

/** Nobody has answered. */
export interface NobodyAnswered {
  /** For people, on one line. */
  readonly failure: string
  readonly silent: readonly SilentNode[]
}

/** What {@link askNodes} tells, told to nobody yet: for those who ask again and again. */
export async function tryNodes<Answer extends OfNode>(
  question: NodeQuestion<Answer>,
  flags: AskingFlags,
  signal?: AbortSignal,
): Promise<NodesAsked<Answer> | NobodyAnswered> {
  const here = socketOf(flags)
  return here === undefined ? await askCluster(question, flags, signal) : await askHere(question, here)
}

async function askHere<Answer extends OfNode>(
  { word, isAnswer }: NodeQuestion<Answer>,
  socket: string,
): Promise<NodesAsked<Answer> | NobodyAnswered> {
  try {
    const answer = await askAgent(socket, word, isAnswer, { timeoutMilliseconds: PATIENCE_MILLISECONDS })
    return { answers: [answer], silent: [], agents: [] }
  } catch (error) {
    if (!(error instanceof StatusSocketError)) throw error
    return { failure: error.line, silent: [] }
  }
}

async function askCluster<Answer extends OfNode>(
  { word, isAnswer }: NodeQuestion<Answer>,
  { node, agentNamespace: namespace, kubeconfig, context }: AskingFlags,
  signal: AbortSignal | undefined,
): Promise<NodesAsked<Answer> | NobodyAnswered> {
  // Only whoever asks a cluster waits for what it takes.
  const { askAgents } = await import('../sources/agents/ask-agents.ts')
  const { ClusterError } = await import('../sources/kubernetes/cluster-error.ts')
  try {
    const asked = await askAgents({ kubeconfig, context, namespace, command: ['selvedge', 'ask', word], node, signal })
    if ('agents' in asked) return { failure: noAgent(asked.agents, namespace, node), silent: [] }
    const answers: Answer[] = []
    const silent: SilentNode[] = []
    for (const one of asked.nodes) {
      const read = 'said' in one ? tryRead(one.said, one.node, isAnswer) : one
      if ('answer' in read) answers.push(read.answer)
      else silent.push({ node: printable(one.node), problem: printable(read.problem) })
    }
    if (answers.length === 0) return { failure: 'no agent has answered', silent }
    return { answers, silent, agents: asked.nodes.map((one) => one.node) }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    const { failure } = error
    const isNamed = [node, kubeconfig, context].some((flag) => flag !== undefined)
    if (failure.kind === 'config' && !isNamed)
      return { failure: `no agent listens on this machine (${DEFAULT_SOCKET}), and ${error.message}`, silent: [] }
    const isForbidden = failure.kind === 'status' && failure.status === 403
    return { failure: `${error.message}${isForbidden ? forbiddenHint(namespace) : ''}`, silent: [] }
  }
}

export function tellSilent(nodes: readonly SilentNode[]): void {
  for (const { node, problem } of nodes) process.stderr.write(`node ${node}: ${problem}\n`)
}

function tryRead<Answer extends OfNode>(
  said: string,
  node: string,
  isAnswer: (answer: unknown) => answer is Answer,
): { readonly answer: Answer } | { readonly problem: string } {
  try {
    const answer = readAnswer(said, node, isAnswer)
    // Whoever has a node may say anything of it, and nothing of another one.
    return answer.node === node ? { answer } : { problem: 'its agent says that it is of another node' }
  } catch (error) {
    if (!(error instanceof StatusSocketError)) throw error
    // What an agent says instead of an answer is its own word for why there is none.
    const isSaid = error.kind === 'no answer'
    return { problem: isSaid ? error.problem : 'its agent answers something else; is it of another version?' }
  }
}

function forbiddenHint(namespace: string): string {
  return (
    `; agents are asked by exec into their pods, which takes get and create on pods/exec in the namespace ${namespace}: a right worth ` +
    'more than this answer, so Selvedge brings no role for it (docs/security.md); let somebody ask who has it, or read the agents’ log: ' +
    `kubectl -n ${namespace} logs -l app.kubernetes.io/name=selvedge --tail=-1 | grep denied`
  )
}

function noAgent(agents: readonly string[], namespace: string, node: string | undefined): string {
  if (agents.length === 0 || node === undefined) {
    const label = 'app.kubernetes.io/name=selvedge'
    return `no agent in the namespace ${namespace} (pods with the label ${label}); say where it is with --agent-namespace`
  }
  const near = nearestWord(node, agents)
  const hint =
    near === undefined
      ? `agents run on ${agents.slice(0, 5).map(printable).join(', ')}`
      : `did you mean "${printable(near)}"?`
  return `no agent runs on the node "${node}"; ${hint}`
}
