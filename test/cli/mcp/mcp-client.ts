import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { onTestFinished } from 'vitest'
import { MAIN } from '../run-selvedge.ts'

export interface Told {
  readonly isError: boolean
  readonly text: string
  readonly structured: Readonly<Record<string, unknown>> | undefined
}

export interface McpClient {
  readonly client: Client
  readonly call: (name: string, input: Readonly<Record<string, unknown>>) => Promise<Told>
}

/** A client of the protocol's own SDK, and the server that it started in that folder; gone when the test is over. */
export async function startMcp(cwd: string, args: readonly string[] = []): Promise<McpClient> {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [MAIN, 'mcp', ...args], cwd }))
  onTestFinished(async () => await client.close())
  const call = async (name: string, input: Readonly<Record<string, unknown>>): Promise<Told> => {
    const result = await client.callTool({ name, arguments: input })
    const content = result.content as readonly { readonly type: string; readonly text: string }[]
    const structured = result.structuredContent as Told['structured']
    return { isError: result.isError === true, text: content.map(({ text }) => text).join(''), structured }
  }
  return { client, call }
}
