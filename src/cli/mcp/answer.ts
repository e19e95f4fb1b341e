import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'

/** What every tool answers with. */
export const ANSWER = z.strictObject({
  verdict: z.string().describe('the answer in one word'),
  policies: z.array(z.string()).describe('the NetworkPolicies behind it, as namespace/name'),
  places: z.array(z.string()).describe('where these, their rules, or what is found wrong is written, as file:line'),
  suggestion: z.string().nullable().describe('manifests in YAML that would allow what is denied; null: there are none'),
  notes: z.array(z.string()).describe('what else has to be known: what of the input the answer does not count'),
  answer: z.record(z.string(), z.unknown()).describe('the whole answer'),
})

export type Answer = Readonly<z.infer<typeof ANSWER>>

/** Entries of a list that one answer holds. */
export const MOST_ENTRIES = 200

/** Without control and format characters, which could hide text from who reads it; line breaks stay. */
export function inert(text: string): string {
  return text.replaceAll(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`)
}

/** The same of every text in a value; lists are cut, and say so. */
export function inertValue(value: unknown): unknown {
  if (typeof value === 'string') return inert(value)
  if (Array.isArray(value)) {
    const rest = value.length - MOST_ENTRIES
    return [...value.slice(0, MOST_ENTRIES).map(inertValue), ...(rest > 0 ? [`and ${rest} more`] : [])]
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [inert(key), inertValue(inside)]))
}

/** The policies and places that a JSON answer of a command cites anywhere. */
export function citedIn(value: unknown): Pick<Answer, 'policies' | 'places'> {
  const policies = new Set<string>()
  const places = new Set<string>()
  const stack: unknown[] = [value]
  while (stack.length > 0) {
    const one = stack.pop()
    if (typeof one !== 'object' || one === null) continue
    const { policy, isolatedBy, file, line } = one as Readonly<Record<string, unknown>>
    if (typeof policy === 'string') policies.add(policy)
    if (Array.isArray(isolatedBy)) for (const name of isolatedBy) policies.add(String(name))
    if (typeof file === 'string' && typeof line === 'number') places.add(`${file}:${line}`)
    for (const inside of Object.values(one)) stack.push(inside)
  }
  return { policies: [...policies].toSorted(), places: [...places].toSorted() }
}

/** `text`: for people, where there is such a form. */
export function resultOf(answer: Answer, text?: string): CallToolResult {
  const structuredContent = inertValue(answer) as Answer
  const shown = text === undefined ? JSON.stringify(structuredContent, undefined, 2) : inert(text)
  return { content: [{ type: 'text', text: shown }], structuredContent }
}

export function refusal(problem: string): CallToolResult {
  return { content: [{ type: 'text', text: inert(problem) }], isError: true }
}
