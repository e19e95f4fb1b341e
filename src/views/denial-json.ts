import { podName } from '../../compiler/objects/pod-name.ts'
import { placeJson } from '../../compiler/objects/place-json.ts'
import type { DirectionAnswer, NearRule } from '../../compiler/explain/explain-connection.ts'
import type { Explanation } from '../../compiler/explain/explanation.ts'
import type { Suggestion } from '../../compiler/explain/suggest-policy.ts'

/** Beside the verdict in JSON: the policies that isolate and where they are written; of a denial what misses, and what would allow it. */
export function denialJson({ cluster, pairs }: Explanation, suggestion: Suggestion | undefined): object {
  const sides = pairs
    .flatMap(({ families }) => families)
    .flatMap(({ answer }): readonly DirectionAnswer[] => [answer.egress, answer.ingress])
  const names = new Set(sides.flatMap(({ isolatedBy }) => isolatedBy))
  const policies = cluster.selections
    .map(({ policy }) => ({ policy: podName(policy), ...placeJson(policy.place) }))
    .filter(({ policy }) => names.has(policy))
    .toSorted((left, right) => (left.policy < right.policy ? -1 : 1))
  const nearest = new Map(
    sides
      .flatMap((side) => side.nearest)
      .map(nearJson)
      .map((one) => [JSON.stringify(one), one]),
  )
  return {
    ...(policies.length === 0 ? {} : { policies }),
    ...(nearest.size === 0 ? {} : { nearest: [...nearest.values()] }),
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

function nearJson({ policy, rule, place, fit: { peer, port } }: NearRule): object {
  const misses = [...(peer === undefined ? [] : [peer]), ...(port === undefined ? [] : [`its ports are ${port}`])]
  return { policy, rule, ...placeJson(place), misses }
}
