import { REVIEW_MARKER } from '../../views/review/review-text.ts'
import type { Environment } from './environment.ts'

/** Milliseconds for one request. */
const TIMEOUT = 20_000
const PAGE = 100
/** Nobody's pull request has more comments than this; then there is a second one of ours. */
const MOST_PAGES = 30

interface Comment {
  readonly id?: unknown
  readonly body?: unknown
  readonly user?: { readonly login?: unknown } | null
}

/**
 * Writes the comment of a pull request, over the one that is there: known by its marker and its author, as anybody may write the
 * marker. What goes wrong comes back in words. (GitHub REST API, issues/comments.)
 */
export async function writeComment(env: Environment, number: number, text: string): Promise<string | undefined> {
  const { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = env
  if (!api || !repository || !token) return 'GITHUB_API_URL, GITHUB_REPOSITORY or GITHUB_TOKEN is missing'
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) return 'GITHUB_REPOSITORY is no OWNER/NAME'
  const author = env['SELVEDGE_COMMENT_AUTHOR'] || 'github-actions[bot]'
  const base = `${api}/repos/${repository}/issues`
  const send = async (method: string, url: string, body?: object): Promise<unknown> => {
    const answer = await fetch(url, {
      method,
      headers: {
        Accept: 'application/vnd.github+json',
        Authorization: `Bearer ${token}`,
        'X-GitHub-Api-Version': '2022-11-28',
        ...(body && { 'Content-Type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT),
      redirect: 'error',
    })
    if (!answer.ok) throw new Error(`${method} was answered with HTTP ${answer.status}`)
    return await answer.json()
  }
  try {
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const list = await send('GET', `${base}/${number}/comments?per_page=${PAGE}&page=${page}`)
      const comments = Array.isArray(list) ? (list as readonly Comment[]) : []
      const own = comments.find(({ body, user }) => user?.login === author && String(body).startsWith(REVIEW_MARKER))
      if (typeof own?.id === 'number') {
        await send('PATCH', `${base}/comments/${own.id}`, { body: text })
        return undefined
      }
      if (comments.length < PAGE) break
    }
    await send('POST', `${base}/${number}/comments`, { body: text })
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'the request failed'
  }
}
