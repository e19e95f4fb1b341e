// An API server for one agent, of a cluster larger than a real one could be filled with in time: it streams pods,
// namespaces and policies of ../../made-up-cluster.ts, then what it is told. Argument: a ClusterSize. It prints its port
// on 127.0.0.1; each line of stdin, { type, object }, is an event, answered when it is written. It ends with its stdin.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { type ClusterSize, madeUpCluster } from '../../made-up-cluster.ts'

interface Told {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: {
    readonly kind: string
    readonly metadata: { readonly name: string; readonly namespace?: string }
  }
}

interface Kind {
  /** Objects as JSON without a version, by namespace and name. */
  readonly objects: Map<string, string>
  readonly watchers: Set<ServerResponse>
}

const size = JSON.parse(process.argv[2] ?? '') as ClusterSize
/** What a real pod has and policy does not read: 8 kB of managedFields, environment and conditions, here in one place. */
const WEIGHT = JSON.stringify(
  Array.from({ length: 75 }, (_, at) => ({
    manager: 'kubelet',
    fieldsV1: { [`f:a-longer-name-${at}`]: { 'f:b': {} } },
  })),
)
const BOOKMARK_MILLISECONDS = 20_000
const PIECE_BYTES = 1 << 18

const plurals: Readonly<Record<string, string>> = {
  Pod: 'pods',
  Namespace: 'namespaces',
  NetworkPolicy: 'networkpolicies',
}
const kinds = new Map<string, Kind>(
  Object.values(plurals).map((plural) => [plural, { objects: new Map(), watchers: new Set() }]),
)
let version = 1_000

const cluster = madeUpCluster(size)
for (const object of [...cluster.namespaces, ...cluster.pods, ...cluster.policies]) keep(object as Told['object'])

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://simulated')
  const kind = kinds.get(url.pathname.slice(url.pathname.lastIndexOf('/') + 1))
  if (kind === undefined) return void response.writeHead(404).end()
  response.setHeader('content-type', 'application/json')
  response.flushHeaders()
  // After a stream that was too slow, as on a busy machine.
  if (url.searchParams.get('watch') !== '1') return void sendList(kind, response)
  void (async () => {
    if (url.searchParams.get('sendInitialEvents') === 'true') await sendAll(kind, response)
    kind.watchers.add(response)
    response.once('close', () => kind.watchers.delete(response))
  })()
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
setInterval(() => {
  for (const { watchers } of kinds.values()) for (const response of watchers) response.write(bookmark(''))
}, BOOKMARK_MILLISECONDS)

process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`)
for await (const line of createInterface({ input: process.stdin })) {
  const { type, object } = JSON.parse(line) as Told
  version += 1
  const kind = keep(object, type)
  const text = eventLine(type, JSON.stringify(object))
  for (const response of kind.watchers) response.write(text)
  process.stdout.write('{}\n')
}
process.exit()

function keep(object: Told['object'], type: Told['type'] = 'ADDED'): Kind {
  const kind = kinds.get(plurals[object.kind] ?? '')
  if (kind === undefined) throw new Error(`no kind of this API: ${object.kind}`)
  const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`
  if (type === 'DELETED') kind.objects.delete(key)
  else kind.objects.set(key, JSON.stringify(object))
  return kind
}

async function sendAll({ objects }: Kind, response: ServerResponse): Promise<void> {
  await sendPieces(response, '', objects, (text) => eventLine('ADDED', text))
  response.write(bookmark(',"annotations":{"k8s.io/initial-events-end":"true"}'))
}

/** All of it, whatever the limit asked for, as a server answers from its watch cache. */
async function sendList({ objects }: Kind, response: ServerResponse): Promise<void> {
  let between = ''
  const head = `{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"${version}"},"items":[`
  await sendPieces(response, head, objects, (text) => {
    const item = `${between}${weighed(text)}`
    between = ','
    return item
  })
  response.end(']}')
}

async function sendPieces(
  response: ServerResponse,
  head: string,
  objects: ReadonlyMap<string, string>,
  textOf: (text: string) => string,
): Promise<void> {
  let piece = head
  for (const text of objects.values()) {
    piece += textOf(text)
    if (piece.length < PIECE_BYTES) continue
    if (!response.write(piece)) await once(response, 'drain')
    piece = ''
  }
  response.write(piece)
}

function eventLine(type: Told['type'], text: string): string {
  return `{"type":"${type}","object":${weighed(text)}}\n`
}

/** The version and, for a pod, the weight are put in where the text begins: no object is made again for it. */
function weighed(text: string): string {
  const weight = text.includes('"kind":"Pod"') ? `,"managedFields":${WEIGHT}` : ''
  const at = text.indexOf('"metadata":{') + '"metadata":{'.length
  return `${text.slice(0, at)}"resourceVersion":"${version}"${weight},${text.slice(at)}`
}

function bookmark(more: string): string {
  return `{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"${version}"${more}}}}\n`
}
