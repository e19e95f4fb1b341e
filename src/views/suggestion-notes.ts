import { printable } from '../../compiler/objects/quote.ts'
import type { FlowSuggestion } from '../../compiler/suggest/suggest-from-flows.ts'
import { openingText } from '../../compiler/suggest/suggestion-words.ts'

/** What has to be known beside the policies, a line each; `others`: namespaces of which there are flows. */
export function suggestionNotes(
  { policies, used, opens, missing, denied, without }: FlowSuggestion,
  namespace: string,
  others: readonly string[],
): string {
  const lines = [
    ...(used > 0 || missing.length + denied.length > 0 ? [] : [nothingSeen(namespace, others)]),
    ...(policies.length === 0
      ? []
      : [
          `${count(policies.length, 'policy', 'policies')} from ${count(used, 'flow')}; audited, so nothing is denied yet`,
        ]),
    ...opens.map((edge) => `opens beyond what was seen: ${openingText(edge)} (${edge.policy})`),
    ...missing.map(({ text, flows }) => `not allowed by them: ${text} (${count(flows, 'flow')})`),
    ...denied.map(({ text, flows }) => `not opened again: ${text} (${count(flows, 'flow')})`),
    ...without.map((text) => `no policy for ${text}`),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function nothingSeen(namespace: string, others: readonly string[]): string {
  const there =
    others.length === 0
      ? 'the file has no flow that passed'
      : `there are flows of ${others.map(printable).join(', ')}, to be named with -n`
  return `nothing was seen of pods of namespace ${namespace}; ${there}`
}

function count(number: number, one: string, several = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : several}`
}
