import { parseAllDocuments } from 'yaml'
import type { RecordedFlow } from '../../compiler/flows/flow-list.ts'
import { suggestFromFlows } from '../../compiler/suggest/suggest-from-flows.ts'
import { openingText } from '../../compiler/suggest/suggestion-words.ts'
import { clusterOf, deployment } from './flows-of.ts'

/** As the API would read it. */
export interface Written {
  readonly metadata: { readonly name: string; readonly annotations: object }
  readonly spec: { readonly podSelector: object; readonly ingress?: unknown; readonly egress?: unknown }
}

/** What is suggested for the namespace shop. */
export function suggest(manifests: string, flows: readonly RecordedFlow[], closeUnseen = false) {
  const suggestion = suggestFromFlows(clusterOf(manifests), { flows, folded: [] }, { namespace: 'shop', closeUnseen })
  const documents = suggestion.yaml === '' ? [] : parseAllDocuments(suggestion.yaml)
  const written = new Map(
    documents.map((document) => {
      const policy = document.toJS() as Written
      return [policy.metadata.name, policy]
    }),
  )
  const { yaml, without, used } = suggestion
  const opens = suggestion.opens.map(openingText)
  const [missing, denied] = [suggestion.missing, suggestion.denied].map((list) => list.map(({ text }) => text))
  return { written, yaml, opens, missing, denied, without, used, suggestion }
}

export const SHOP = deployment('web') + deployment('db')
