import { LIST_KIND } from './flatten-list.ts'
import type { DocumentHead } from './peek-head.ts'
import { recogniseObject } from './recognise-object.ts'

/**
 * Tells the documents that mean nothing here: their kind is none of ours, and no list of other objects. A file has many
 * documents of few kinds, so the answer for each apiVersion and kind is remembered.
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
