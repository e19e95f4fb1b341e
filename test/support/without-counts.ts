/** What packets write into a set of ours: those that packets fill are the only ones with the flag `dynamic`. */
const RECORDED = /(\n\t\tflags [^\n]*\bdynamic\b[^\n]*(?:\n(?!\t\telements|\t\})[^\n]*)*)\n\t\telements = \{[^}]*\}/g

/**
 * A table as nft lists it in text, without what every packet changes, whoever stays or goes: what counters counted, and the elements of
 * sets that denied packets fill.
 */
export function withoutCounts(text: string): string {
  return text.replaceAll(/packets \d+ bytes \d+/g, '').replaceAll(RECORDED, '$1')
}
