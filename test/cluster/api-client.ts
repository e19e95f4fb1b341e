import { readFileSync } from 'node:fs'
import { Agent, request } from 'undici'

/** What the API server answered; `body` is undefined where it is not one JSON value. */
export interface ApiAnswer {
  readonly status: number
  readonly body: unknown
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A plain client of the API, with one token. */
export interface ApiClient {
  /** Whatever it answers; a PATCH is a merge patch. Throws only when no answer comes. */
  ask(method: Method, path: string, body?: unknown): Promise<ApiAnswer>
  /** The events of a watch, until the caller stops reading. Throws ApiRefusal. */
  watch(path: string): AsyncIterable<WatchEvent>
  close(): Promise<void>
}

export interface WatchEvent {
  readonly type: string
  readonly object: { readonly metadata: { readonly name: string; readonly resourceVersion: string } }
}

/** The API server said no. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal'
  readonly status: number

  constructor(what: string, { status, body }: ApiAnswer) {
    const { message } = (body ?? {}) as { readonly message?: string }
    super(`${what}: ${status} ${message ?? ''}`)
    this.status = status
  }
}

export interface Kubeconfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly 'certificate-authority': string } },
  ]
  readonly users: readonly [{ readonly user: Readonly<Record<string, string>> }]
}

/** A kubeconfig as test/support/kube-api.ts writes it: JSON, one cluster, one user. */
export function readKubeconfig(path: string): Kubeconfig {
  return JSON.parse(readFileSync(path, 'utf8')) as Kubeconfig
}

/** A client of that cluster; the token is the kubeconfig's unless told. */
export function createApiClient(kubeconfig: string, token?: string): ApiClient {
  const { clusters, users } = readKubeconfig(kubeconfig)
  const { server, 'certificate-authority': file } = clusters[0].cluster
  const dispatcher = new Agent({ connect: { ca: readFileSync(file, 'utf8') } })
  const authorization = `Bearer ${token ?? users[0].user['token'] ?? ''}`

  async function ask(method: Method, path: string, body?: unknown): Promise<ApiAnswer> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const { statusCode, body: answer } = await request(`${server}${path}`, {
      method,
      dispatcher,
      headers: { authorization, 'content-type': type },
      body: body === undefined ? null : JSON.stringify(body),
    })
    return { status: statusCode, body: readJson(await answer.text()) }
  }

  async function* watch(path: string): AsyncGenerator<WatchEvent> {
    const { statusCode, body } = await request(`${server}${path}`, { dispatcher, headers: { authorization } })
    if (statusCode !== 200) throw new ApiRefusal(`watch ${path}`, { status: statusCode, body: await body.json() })
    let rest = ''
    for await (const chunk of body.setEncoding('utf8')) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) yield JSON.parse(line) as WatchEvent
    }
  }

  return { ask, watch, close: () => dispatcher.destroy() }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
