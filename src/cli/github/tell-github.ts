import { randomUUID } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import type { Environment } from './environment.ts'
import { writeComment } from './write-comment.ts'

/** Why a job may not be told anything; undefined: it may. */
export function githubRefusal(env: Environment): string | undefined {
  if (env['GITHUB_EVENT_NAME'] !== 'pull_request_target') return undefined
  return 'pull_request_target runs on the files of strangers with the rights of the repository, and is refused; use pull_request'
}

/**
 * Tells the job what came out: its summary (GITHUB_STEP_SUMMARY), its outputs (GITHUB_OUTPUT, behind a delimiter that no text can
 * know), and the comment of the pull request. From a fork there is no comment: the token may not write one.
 */
export async function tellGithub(
  env: Environment,
  text: string,
  outputs: Readonly<Record<string, number>>,
  comment: boolean,
): Promise<void> {
  const summary = env['GITHUB_STEP_SUMMARY']
  if (summary !== undefined && summary !== '') appendFileSync(summary, `${text}\n`)
  const output = env['GITHUB_OUTPUT']
  if (output !== undefined && output !== '') {
    for (const [name, value] of Object.entries(outputs)) appendFileSync(output, outputText(name, String(value)))
  }
  const pull = comment ? pullRequestOf(env) : undefined
  if (pull === undefined) return
  if (pull.isFork) {
    process.stderr.write('the pull request comes from a fork: there is a summary of the job, and no comment\n')
    return
  }
  const problem = await writeComment(env, pull.number, text)
  if (problem !== undefined) process.stderr.write(`the comment cannot be written: ${problem}\n`)
}

function outputText(name: string, value: string): string {
  const delimiter = `end-${randomUUID()}`
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`
}

interface PullRequest {
  readonly number: number
  readonly isFork: boolean
}

/** Of the event that started the job (GITHUB_EVENT_PATH); undefined where it is no pull request. */
function pullRequestOf(env: Environment): PullRequest | undefined {
  const path = env['GITHUB_EVENT_PATH']
  if (env['GITHUB_EVENT_NAME'] !== 'pull_request' || path === undefined) return undefined
  try {
    const event = JSON.parse(readFileSync(path, 'utf8')) as Event
    const number = event.pull_request?.number
    if (typeof number !== 'number') return undefined
    const home = event.repository?.full_name
    return { number, isFork: home === undefined || event.pull_request?.head?.repo?.full_name !== home }
  } catch {
    return undefined
  }
}

interface Event {
  readonly repository?: { readonly full_name?: string }
  readonly pull_request?: {
    readonly number?: unknown
    readonly head?: { readonly repo?: { readonly full_name?: string } | null }
  }
}
