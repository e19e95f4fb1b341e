import { countedSince } from './counted-since.ts'
import { flowKey } from './flow-key.ts'
import type { SeenFlow } from './seen-flow.ts'

/** A flow that was not there before, or has more packets than before. */
export interface GrownFlow<Flow extends SeenFlow> {
  readonly flow: Flow
  /** Packets since the look before. */
  readonly delta: number
}

/** What comes and grows from look to look. */
export interface Growth<Flow extends SeenFlow> {
  /** All flows of a node; of its first look nothing has grown. */
  take(node: string, flows: readonly Flow[]): readonly GrownFlow<Flow>[]
}

const NONE = { formerSource: undefined, formerDestination: undefined }

export function createGrowth<Flow extends SeenFlow>(): Growth<Flow> {
  const counts = new Map<string, ReadonlyMap<string, number>>()
  return {
    take(node, flows) {
      const known = counts.get(node)
      counts.set(node, new Map(flows.map((flow) => [flowKey(flow), flow.packets])))
      if (known === undefined) return []
      return flows.flatMap((flow) => {
        // Since the last look a pod may have gone: until then it had its address.
        const before = known.get(flowKey(flow)) ?? known.get(flowKey({ ...flow, ...NONE }))
        const delta = countedSince(before, flow.packets)
        return delta > 0 ? [{ flow, delta }] : []
      })
    },
  }
}
