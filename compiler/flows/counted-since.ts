/**
 * How much a counter of the kernel has grown since it was read before. One that has fewer was forgotten meanwhile, or its table was built
 * anew: it began at nothing, and all of it is new.
 */
export function countedSince(before: number | undefined, now: number): number {
  return before === undefined || now < before ? now : now - before
}
