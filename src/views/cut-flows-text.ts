import type { CutFlow, FlowCuts } from '../../compiler/flows/cut-flows.ts'
import { hangingLines } from './hanging-lines.ts'

/** What becomes of the flows that were seen, in lines. */
export function cutFlowsText({ cuts, unresolved, kept }: FlowCuts, width: number): string {
  const lines = [
    ...(cuts.length === 0 ? [] : ['Cuts, of what was seen:']),
    ...cuts.map((cut) => `  - ${cutText(cut)}`),
    ...(unresolved.length === 0 ? [] : ['What becomes of these flows cannot be told:']),
    ...unresolved.map((tally) => `  - ${untoldText(tally)}`),
    ...(cuts.length > 0 || unresolved.length > 0 ? [] : ['Cuts nothing of what was seen.']),
    ...(kept === 0 ? [] : [`${flowsText(kept)} as before.`]),
  ]
  return `${lines.map((line) => hangingLines(line, width)).join('\n')}\n`
}

/** `shop/web → shop/db 5432/TCP  seen 1,204 times, last at 2026-01-31T12:00:00Z` */
export function cutText({ from, to, port, count, lastSeen, isPartial }: CutFlow): string {
  const some = isPartial ? ' (between some of their pods)' : ''
  return `${from} → ${to} ${port}${some}  ${seenText(count)}, last at ${lastSeen}`
}

/** One of which nobody can say what becomes of it. */
export function untoldText({ text, flows, count }: FlowCuts['unresolved'][number]): string {
  return `${text}  ${flowsText(flows)}, ${seenText(count)}`
}

export function flowsText(number: number): string {
  return `${number.toLocaleString('en')} flow${number === 1 ? '' : 's'}`
}

function seenText(count: number): string {
  return count === 1 ? 'seen once' : `seen ${count.toLocaleString('en')} times`
}
