import type { SeenFlow } from './seen-flow.ts'

/** Equal for the same flow, whoever noted it and when. */
export function flowKey({
  source,
  destination,
  carries,
  directed,
}: Pick<SeenFlow, 'source' | 'destination' | 'carries' | 'directed'>): string {
  return JSON.stringify([source, destination, Object.values(carries), directed])
}
