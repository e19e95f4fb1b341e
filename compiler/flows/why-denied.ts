import { parseAddress } from '../addresses/parse-address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { type DirectionAnswer, explainConnection, type RuleReference } from '../explain/explain-connection.ts'
import type { Transport } from '../graph/judge.ts'
import type { FlowProtocol } from '../nftables/flow-record.ts'
import type { Direction } from '../objects/direction.ts'

/** What today's policies say of a flow that was denied. */
export type WhyDenied =
  | { readonly kind: 'allowed now' }
  /** An end is not there any more, nor any other pod of its workload: today's policies say nothing of it. */
  | { readonly kind: 'gone'; readonly who: string }
  | {
      readonly kind: 'denied'
      readonly direction: Direction
      /** The policies that isolate the pod in that direction. */
      readonly policies: readonly string[]
      /** What misses at the rule that comes nearest; or why there is none. */
      readonly reason: string
      readonly rule: RuleReference | undefined
    }

export type JudgedDenied = Exclude<WhyDenied, { readonly kind: 'gone' }>

/** `shop/web is gone`, `allowed now`, or what misses. */
export function reasonText(why: WhyDenied): string {
  switch (why.kind) {
    case 'denied':
      return why.reason
    case 'gone':
      return `${why.who} is gone`
    case 'allowed now':
      return why.kind
  }
}

/** Judged anew, since the kernel notes no reasons: the sender's egress first, as the kernel does. */
export function whyDenied(cluster: Cluster, from: string, to: string, carries: FlowProtocol): JudgedDenied {
  const [source, destination] = [parseAddress(from), parseAddress(to)]
  if (source === undefined || destination === undefined) throw new Error(`no addresses: ${from}, ${to}`)
  const answer = explainConnection(cluster, { source, destination, transport: transportOf(carries) })
  if (answer.allowed) return { kind: 'allowed now' }
  const direction = answer.egress.allowed ? 'ingress' : 'egress'
  const { isolatedBy } = answer[direction]
  return { kind: 'denied', direction, policies: isolatedBy, ...reasonOf(answer[direction]) }
}

/** As policy sees it: a protocol whose ports no policy can name. */
export function transportOf(carries: FlowProtocol): Transport {
  return 'port' in carries ? { protocol: carries.protocol, port: carries.port } : { protocol: 'other' }
}

function reasonOf({ closed, nearest, isolatedBy }: DirectionAnswer): {
  readonly reason: string
  readonly rule: RuleReference | undefined
} {
  const [first] = closed
  if (first !== undefined) return { reason: first, rule: undefined }
  const [rule] = nearest
  if (rule === undefined) return { reason: `${isolatedBy.join(', ')}: no rule at all`, rule: undefined }
  const { fit } = rule
  const misses = [
    ...(fit.peer === undefined ? [] : [fit.peer]),
    ...(fit.port === undefined ? [] : [`its ports are ${fit.port}`]),
  ]
  return { reason: `${rule.policy} ${rule.rule}: ${misses.join('; ')}`, rule }
}
