import type { PairAnswer } from './answer-leg.ts'

/** Where an end is some node whose address nobody knows, and the pod was denied: its own node reaches it all the same. */
export function ownNodeNotes(pairs: readonly PairAnswer[]): readonly string[] {
  return pairs
    .filter(({ families }) => families.some(({ connection, answer }) => connection === undefined && !answer.allowed))
    .map(({ from, to }) => `where ${from} and ${to} are on one node, they reach each other whatever policy says`)
}
