import type { SeenFlow } from './seen-flow.ts'

export type FlowIdentity = Pick<
  SeenFlow,
  'source' | 'destination' | 'carries' | 'directed' | 'formerSource' | 'formerDestination'
>

/** Equal for the same flow of the same pods, whoever noted it and when. */
export function flowKey({
  source,
  destination,
  carries,
  directed,
  formerSource,
  formerDestination,
}: FlowIdentity): string {
  const formers = [formerSource, formerDestination].map((pod) => pod && [pod.namespace, pod.name, pod.uid])
  return JSON.stringify([source, destination, Object.values(carries), directed, ...formers])
}
