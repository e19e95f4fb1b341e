import { createCluster, type Cluster } from '../../compiler/cluster/create-cluster.ts'
import { assignAddresses } from '../../compiler/cluster/assign-addresses.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { flowListJson } from '../../compiler/flows/flow-list-json.ts'
import type { RecordedEnd, RecordedFlow } from '../../compiler/flows/flow-list.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import type { FlowProtocol } from '../../compiler/nftables/flow-record.ts'

/** A cluster of manifests, as a command reads them. */
export function clusterOf(text: string): Cluster {
  const { objects, others, diagnostics } = readObjects([{ file: 'input.yaml', text }], { defaultNamespace: 'shop' })
  const wrong = diagnostics.filter(({ severity }) => severity === 'error')
  const range = parseBlock('10.244.0.0/16')?.block
  if (wrong.length > 0 || range === undefined) throw new Error(JSON.stringify(wrong))
  const pods = assignAddresses(
    objects.filter((object) => object.kind === 'Pod'),
    range,
    () => true,
  )
  return createCluster([...objects.filter(({ kind }) => kind !== 'Pod'), ...(pods ?? [])], others)
}

/** A Deployment of one container, with these labels (its selector is `app`). */
export function deployment(name: string, labels: Readonly<Record<string, string>> = {}, namespace = 'shop'): string {
  const own = { app: name, ...labels }
  return `${JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: own }, spec: { containers: [{ name: 'one', image: 'example' }] } },
    },
  })}\n---\n`
}

/** `shop/web` of a Deployment, `Kind ns/name`, `node NAME`, `gone`, or an address outside. */
export function endOf(word: string): RecordedEnd {
  const [first = '', second = ''] = word.split(' ')
  if (first === 'node') return { kind: 'node', name: second, address: '192.168.0.7' }
  if (first === 'gone') return { kind: 'unresolved', address: second }
  if (!word.includes('/')) return { kind: 'outside', address: word }
  const [kind, called] = second === '' ? ['Deployment', first] : [first, second]
  const [namespace = '', name = ''] = called.split('/')
  return { kind: 'pod', address: '10.244.9.9', namespace, name: `${name}-5d4f-abcde`, workload: { kind, name } }
}

/** One flow that passed, of words: `shop/web`, `shop/db`, `5432/TCP` (or `ping`). */
export function flowOf(from: string, to: string, port: string, more: Partial<RecordedFlow> = {}): RecordedFlow {
  const destination = endOf(to)
  return {
    source: endOf(from),
    // Two pods of one workload are two.
    destination: destination.kind === 'pod' ? { ...destination, address: '10.244.9.10' } : destination,
    carries: carriesOf(port),
    count: 3,
    verdict: 'allowed',
    firstSeen: '2026-01-31T11:00:00Z',
    lastSeen: '2026-01-31T12:00:00Z',
    lateAnswer: false,
    uncertain: false,
    unconfirmed: false,
    ...more,
  }
}

/** A file of `selvedge flows -o json`, of one node that has missed nothing. */
export function flowFileText(flows: readonly RecordedFlow[]): string {
  const time = '2026-01-31T12:00:00Z'
  const node = { name: 'a', answered: true, since: time, observes: true, lost: { denied: 0 }, full: [] } as const
  return JSON.stringify(flowListJson({ window: { from: time, to: time }, nodes: [node], flows, folded: [] }))
}

function carriesOf(port: string): FlowProtocol {
  if (port === 'ping') return { protocol: 'ICMP', type: 8, code: 0 }
  const [number, protocol] = port.split('/')
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') throw new Error(`no port: ${port}`)
  return { protocol, port: Number(number) }
}
