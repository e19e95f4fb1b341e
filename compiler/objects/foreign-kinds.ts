import { LIST_KIND } from './flatten-list.ts'
import type { DocumentHead } from './peek-head.ts'
import { recogniseObject } from './recognise-object.ts'

/**
 * Is a document of some apiVersion and kind no list of others, and none of the kinds that mean something here? It looks once
 * for each of the kinds, of which a file has a handful.
 */
export function createForeignKinds(): (head: DocumentHead) => boolean {
  const answers = new Map<string, boolean>()
  return ({ apiVersion, kind }) => {
    const key = `${apiVersion} ${kind}`
    let answer = answers.get(key)
    if (answer === undefined) {
      answer = !LIST_KIND.test(kind) && recogniseObject({ apiVersion, kind }).is === 'unknown'
      answers.set(key, answer)
    }
    return answer
  }
}
