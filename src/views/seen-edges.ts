import { endsHere } from '../../compiler/flows/ends-here.ts'
import type { FlowList, RecordedEnd, RecordedFlow } from '../../compiler/flows/flow-list.ts'
import { portText } from '../../compiler/flows/fold-rows.ts'
import { podsOfEnd } from '../../compiler/flows/judge-flow.ts'
import { recordedEndText } from '../../compiler/flows/recorded-end-text.ts'
import type { AllowGraph } from '../../compiler/graph/allow-graph.ts'
import { podKey } from '../../compiler/objects/pod-name.ts'
import type { ReachNode } from '../../compiler/reach/fold.ts'

/** What was seen between nodes of a picture and everybody. */
export interface SeenEdges {
  /** Seen to pass; once for each port, by ends. */
  readonly used: readonly SeenEdge[]
  /** Denied, the same. */
  readonly refused: readonly SeenEdge[]
  /** Each of both, with its ends as they are called there. */
  readonly flows: readonly SeenConnection[]
}

export interface SeenEdge {
  /** Id of a node; else as flows call it: an address, `node NAME (ADDRESS)`, or a name that the picture has not. */
  readonly from: string
  readonly to: string
  /** `5432/TCP`, `ping`. */
  readonly port: string
  readonly count: number
  /** RFC 3339. */
  readonly lastSeen: string
}

export interface SeenConnection {
  readonly flow: RecordedFlow
  readonly from: string
  readonly to: string
  /** Is each end a pod of the input, or an address outside, and is it known that it arrived? */
  readonly isKnown: boolean
}

/** Late answers are nobody's attempts, and left out. `nodes`: of the picture that this is laid over. */
export function seenEdges(
  graph: AllowGraph,
  nodes: readonly ReachNode[],
  { flows }: Pick<FlowList, 'flows'>,
): SeenEdges {
  const { find } = endsHere(graph)
  const ids = new Map(nodes.flatMap(({ id, members }) => members.map(({ pod }) => [podKey(pod), id] as const)))
  const nameOf = (end: RecordedEnd): string => {
    const here = find(end)
    const [pod] = here.kind === 'pods' ? podsOfEnd(here) : []
    return (pod === undefined ? undefined : ids.get(podKey(pod.pod))) ?? recordedEndText(end)
  }
  const [used, refused] = [new Map<string, SeenEdge>(), new Map<string, SeenEdge>()]
  const seen: SeenConnection[] = []
  for (const flow of flows) {
    const { source, destination, carries, verdict, lateAnswer, unconfirmed, count, lastSeen } = flow
    if (lateAnswer || source.address === destination.address) continue
    const [from, to] = [nameOf(source), nameOf(destination)]
    addSeen(verdict === 'denied' ? refused : used, { from, to, port: portText(carries), count, lastSeen })
    const isHere = (end: RecordedEnd) => end.kind === 'outside' || find(end).kind === 'pods'
    const isKnown = !unconfirmed && isHere(source) && isHere(destination)
    seen.push({ flow, from, to, isKnown })
  }
  return { used: [...used.values()].sort(byEnds), refused: [...refused.values()].sort(byEnds), flows: seen }
}

function addSeen(known: Map<string, SeenEdge>, seen: SeenEdge): void {
  const key = endsKey(seen)
  const before = known.get(key)
  if (before === undefined) known.set(key, seen)
  else {
    const lastSeen = before.lastSeen > seen.lastSeen ? before.lastSeen : seen.lastSeen
    known.set(key, { ...seen, count: before.count + seen.count, lastSeen })
  }
}

function endsKey({ from, to, port }: SeenEdge): string {
  return JSON.stringify([from, to, port])
}

function byEnds(left: SeenEdge, right: SeenEdge): number {
  return endsKey(left) < endsKey(right) ? -1 : 1
}
