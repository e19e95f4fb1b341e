import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { FakeApi } from '../kubernetes/fake-api.ts'
import { statusObject } from '../kubernetes/fake-objects.ts'

/** How the agent of a node behaves when it is asked. */
export type Manner =
  /** Its command prints this and ends well, after so many milliseconds. */
  | { readonly says: string; readonly after?: number }
  /** Its command prints what this gives. */
  | { readonly runs: () => Promise<string> }
  /** Its command ends otherwise. */
  | { readonly complains: string; readonly exitCode: number }
  /** The kubelet could not run it. */
  | { readonly fails: string }
  /** Frames as they are, then nothing more. */
  | { readonly sends: readonly (Buffer | string)[]; readonly closes?: true }
  /** The API server answers in HTTP. */
  | { readonly refused: number; readonly message: string }
  /** There is a pod, and it does not run. */
  | { readonly phase: string }

export interface FakeAgents {
  /** Nodes in the order in which they were asked. */
  readonly asked: readonly string[]
  readonly commands: readonly (readonly string[])[]
  /** How many are being asked now. */
  readonly open: () => number
  /** The most that were being asked at one time. */
  readonly mostAtOnce: () => number
  /** From the next question on. */
  readonly become: (node: string, manner: Manner) => void
}

/** Agents on the nodes, as pods of kube-system, behind the exec of the API server. */
export function addAgents(api: FakeApi, manners: Readonly<Record<string, Manner>>): FakeAgents {
  const asked: string[] = []
  const commands: (readonly string[])[] = []
  let open = 0
  let most = 0
  const now = new Map(Object.entries(manners))
  for (const [node, manner] of now) {
    api.resource('pods').put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `selvedge-${node}`,
        namespace: 'kube-system',
        labels: { 'app.kubernetes.io/name': 'selvedge' },
      },
      spec: { nodeName: node, hostNetwork: true, containers: [{ name: 'agent' }] },
      status: { phase: 'phase' in manner ? manner.phase : 'Running' },
    })
  }
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (protocols) => (protocols.has('v5.channel.k8s.io') ? 'v5.channel.k8s.io' : false),
  })
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
  })
  api.onUpgrade((message: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(message.url ?? '', 'http://fake')
    const node = /^\/api\/v1\/namespaces\/kube-system\/pods\/selvedge-(.+)\/exec$/.exec(url.pathname)?.[1] ?? ''
    const manner = now.get(node)
    asked.push(node)
    commands.push(url.searchParams.getAll('command'))
    open += 1
    most = Math.max(most, open)
    socket.once('close', () => void (open -= 1))
    // Whoever asks may hang up before the answer is read.
    socket.on('error', () => undefined)
    if (manner === undefined || 'phase' in manner) refuse(socket, 404, `pods "${node}" not found`)
    else if ('refused' in manner) refuse(socket, manner.refused, manner.message)
    else server.handleUpgrade(message, socket, head, (client) => behave(client, manner))
  })
  return {
    asked,
    commands,
    open: () => open,
    mostAtOnce: () => most,
    become: (node, manner) => void now.set(node, manner),
  }
}

function refuse(socket: Duplex, code: number, message: string): void {
  const body = JSON.stringify(statusObject(code, 'Forbidden', message))
  socket.end(
    `HTTP/1.1 ${code} No\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

function behave(client: WebSocket, manner: Exclude<Manner, { refused: number } | { phase: string }>): void {
  if ('runs' in manner) void manner.runs().then((says) => behave(client, { says }))
  else if ('says' in manner) {
    const half = Math.floor(manner.says.length / 2)
    setTimeout(() => {
      client.send(frame(1, manner.says.slice(0, half)))
      client.send(frame(1, manner.says.slice(half)))
      client.send(frame(3, JSON.stringify({ status: 'Success' })))
    }, manner.after ?? 0)
  } else if ('complains' in manner) {
    client.send(frame(2, manner.complains))
    const causes = [{ reason: 'ExitCode', message: String(manner.exitCode) }]
    client.send(frame(3, JSON.stringify({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes } })))
  } else if ('fails' in manner) {
    client.send(frame(3, JSON.stringify({ status: 'Failure', message: manner.fails })))
  } else {
    for (const each of manner.sends) client.send(each)
    if (manner.closes === true) client.close(1000)
  }
}

export function frame(channel: number, text: string): Buffer {
  return Buffer.concat([Buffer.from([channel]), Buffer.from(text)])
}
