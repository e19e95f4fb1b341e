import { createConnection } from 'node:net'
import { checkSocketPath } from './socket-path.ts'
import type { AgentQuestion } from './agent-question.ts'
import { StatusSocketError } from './status-socket-error.ts'

export interface AskOptions {
  /** For the whole answer; 5 s unless told. */
  readonly timeoutMilliseconds?: number
}

/** A status of ten thousand policies is some megabytes; whatever sends more than this is no agent. */
const LARGEST_ANSWER_BYTES = 256 * 1024 * 1024

/**
 * Asks the agent that listens on the socket. `isAnswer`: the parts without which nothing can be shown, enough to tell an agent from
 * something else.
 *
 * @throws {StatusSocketError} no agent, permission denied, not an agent, no answer, bad path.
 */
export async function askAgent<Answer>(
  path: string,
  word: AgentQuestion,
  isAnswer: (answer: unknown) => answer is Answer,
  options: AskOptions = {},
): Promise<Answer> {
  return readAnswer(await askForText(path, word, options), path, isAnswer)
}

/**
 * The answer as the agent says it, for whoever passes it on.
 *
 * @throws {StatusSocketError} as `askAgent`.
 */
export async function askForText(
  path: string,
  word: string,
  { timeoutMilliseconds = 5_000 }: AskOptions = {},
): Promise<string> {
  checkSocketPath(path)
  const text = await request(path, word, timeoutMilliseconds)
  if (text !== '') return text
  const problem = 'the connection ended without an answer'
  throw new StatusSocketError('no answer', path, { problem, hint: 'perhaps too many ask at once; try again' })
}

/** Reads what an agent said, however it came here; throws as above. */
export function readAnswer<Answer>(
  text: string,
  path: string,
  isAnswer: (answer: unknown) => answer is Answer,
): Answer {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch (cause) {
    throw notAnAgent(path, 'what listens there does not answer as an agent does', cause)
  }
  if (isAnswer(answer)) return answer
  if (isRecord(answer) && typeof answer['error'] === 'string') {
    throw new StatusSocketError('no answer', path, { problem: answer['error'], hint: '' })
  }
  throw notAnAgent(path, 'what listens there answers something else; an agent of another version?')
}

function request(path: string, word: string, timeoutMilliseconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const socket = createConnection({ path })
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      socket.destroy()
      settle()
    }
    const timer = setTimeout(() => end(() => reject(noAnswer(path, timeoutMilliseconds))), timeoutMilliseconds)
    socket.on('connect', () => socket.write(`${word}\n`))
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > LARGEST_ANSWER_BYTES) end(() => reject(notAnAgent(path, 'what listens there answers without end')))
    })
    socket.on('end', () => end(() => resolve(Buffer.concat(chunks).toString('utf8'))))
    socket.on('error', (error) => end(() => reject(connectError(path, error))))
  })
}

function connectError(path: string, error: Error): StatusSocketError {
  const cause = error
  switch ('code' in error ? error.code : '') {
    case 'ENOENT':
    case 'ECONNREFUSED':
    case 'ENOTDIR':
      return new StatusSocketError('no agent', path, {
        problem: 'no agent listens here',
        hint: 'run it in the pod of the agent of this node; is it up, and is its --socket this path?',
        cause,
      })
    case 'EACCES':
    case 'EPERM':
      return new StatusSocketError('permission denied', path, {
        problem: 'this user may not ask the agent',
        hint: 'ask as the user that runs it, root as a rule: the answer tells who may reach whom',
        cause,
      })
    case 'ETIMEDOUT':
    case 'EAGAIN':
      return new StatusSocketError('no answer', path, { problem: error.message, hint: 'is the agent stuck?', cause })
    default:
      return notAnAgent(path, `the connection ended: ${error.message}`, cause)
  }
}

function noAnswer(path: string, milliseconds: number): StatusSocketError {
  return new StatusSocketError('no answer', path, {
    problem: `an agent listens here, but gave no answer within ${milliseconds / 1000} s`,
    hint: 'its log and /healthz say whether it is stuck; what stands in the kernel keeps enforcing',
  })
}

function notAnAgent(path: string, problem: string, cause?: unknown): StatusSocketError {
  return new StatusSocketError('not an agent', path, { problem, hint: 'is this the --socket of the agent?', cause })
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
