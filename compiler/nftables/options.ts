/** How the ruleset is to be laid out; the same for every pod of a node. */
export interface RulesetOptions {
  /** What happens to a denied packet. */
  readonly deny: 'drop' | 'reject'
  /** `rejudge`: a live flow that loses its right stops at its next packet. `keep`: only new connections are judged. */
  readonly established: 'rejudge' | 'keep'
  /** The bits of the conntrack mark that hold the generation; contiguous, and no others are changed. */
  readonly markMask: number
  /** Link-local, broadcast and multicast packets between pods of a bridge, while an isolated pod is on the node. */
  readonly bridgeLocal: 'drop' | 'pass'
  /**
   * Who carries Services to their endpoints. `nat`: a DNAT of kube-proxy's, and all that comes to a pod passes `forward`. `ipvs`: IPVS,
   * which takes requests out at `input` and sends them on through `output`, so that they have to be judged there as well.
   */
  readonly serviceProxy: 'nat' | 'ipvs'
  /** Allowed connections are noted as well, in sets of their own. */
  readonly observe: boolean
  /** So long after an agent's last sign of life the hold lets everything pass; undefined: never. */
  readonly holdOpenAfterSeconds?: number | undefined
}

export const DEFAULT_OPTIONS: RulesetOptions = {
  deny: 'drop',
  established: 'rejudge',
  markMask: 0xfff00000,
  bridgeLocal: 'drop',
  serviceProxy: 'nat',
  observe: false,
}

/** The highest generation that the mask can hold; generations count from 1, since an unmarked flow reads as 0. */
export function highestGeneration(markMask: number): number {
  return (markMask >>> 0) / lowestBit(markMask)
}

/** A generation at its place in the conntrack mark. */
export function generationMark(generation: number, markMask: number): number {
  return generation * lowestBit(markMask)
}

/** The generation that a conntrack mark carries; 0: never judged. */
export function generationOfMark(mark: number, markMask: number): number {
  return ((mark & markMask) >>> 0) / lowestBit(markMask)
}

/** Is the mask a contiguous, non-empty run of bits in a 32-bit mark? */
export function isMarkMask(markMask: number): boolean {
  if (!Number.isInteger(markMask) || markMask <= 0 || markMask > 0xffffffff) return false
  return Number.isInteger(Math.log2(highestGeneration(markMask) + 1))
}

function lowestBit(mask: number): number {
  return (mask & -mask) >>> 0
}
