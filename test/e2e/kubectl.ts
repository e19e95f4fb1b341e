import { createInterface } from 'node:readline'
import { execa } from 'execa'

export type Json = Readonly<Record<string, unknown>>

/** kubectl as a user runs it, and the API through one `kubectl proxy`, for what happens often. */
export interface Kubectl {
  readonly file: string
  readonly kubeconfig: string
  /** What it printed; throws what it complained about. */
  readonly run: (argv: readonly string[], input?: string) => Promise<string>
  readonly apply: (objects: readonly Json[]) => Promise<void>
  /** `path` begins with /api or /apis. Throws unless the API server says 2xx. */
  readonly request: (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: Json) => Promise<Json>
  readonly close: () => void
}

const COMMAND_MILLISECONDS = 240_000
const REQUEST_MILLISECONDS = 30_000

export async function createKubectl(file: string, kubeconfig: string): Promise<Kubectl> {
  const proxy = execa(file, ['--kubeconfig', kubeconfig, 'proxy', '--port=0'], { reject: false, stderr: 'inherit' })
  const address = await addressOf(proxy.stdout)
  if (address === undefined) throw new Error(`${file} proxy ended: ${(await proxy).message ?? ''}`)
  const run = async (argv: readonly string[], input = ''): Promise<string> => {
    const { stdout } = await execa(file, ['--kubeconfig', kubeconfig, ...argv], {
      input,
      timeout: COMMAND_MILLISECONDS,
    })
    return stdout
  }
  return {
    file,
    kubeconfig,
    run,
    apply: async (items) => {
      await run(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
    },
    request: async (method, path, body) => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
      const response = await fetch(`http://${address}${path}`, {
        method,
        headers: { 'content-type': type },
        signal: AbortSignal.timeout(REQUEST_MILLISECONDS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return JSON.parse(text) as Json
    },
    close: () => void proxy.kill(),
  }
}

async function addressOf(output: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const line of createInterface({ input: output })) {
    const found = /127\.0\.0\.1:\d+/.exec(line)
    if (found !== null) return found[0]
  }
  return undefined
}
