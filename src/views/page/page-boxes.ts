import type { ReachNode } from '../../../compiler/reach/fold.ts'
import { podKey } from '../../../compiler/objects/pod-name.ts'
import { stateOf } from '../picture.ts'
import type { PageBox } from './page-data.ts'

/**
 * Of each box of the drawing that is no node of the page, the nodes in it: a namespace, or a workload of which policies tell the pods
 * apart although they are allowed the same.
 */
export function pageBoxes(drawn: readonly ReachNode[], nodes: readonly ReachNode[]): Readonly<Record<string, PageBox>> {
  const known = new Set(nodes.map(({ id }) => id))
  const positions = new Map(
    nodes.flatMap(({ members }, index) => members.map(({ pod }) => [podKey(pod), index] as const)),
  )
  const boxes = drawn
    .filter(({ id }) => !known.has(id))
    .map((box): readonly [string, PageBox] => {
      const parts = new Set(box.members.flatMap(({ pod }) => positions.get(podKey(pod)) ?? []))
      return [box.id, { state: stateOf(box), nodes: [...parts] }]
    })
  return Object.fromEntries(boxes.filter(([, box]) => box.nodes.length > 0))
}
