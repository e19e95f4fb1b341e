import { isFields } from '../../../compiler/objects/read-fields.ts'
import type { ClusterError } from './cluster-error.ts'
import { readStatus } from './read-status.ts'

/** One line of a watch. `version` is empty where the object does not say it. */
export type WatchEvent =
  | { readonly type: 'put' | 'remove'; readonly object: unknown; readonly version: string }
  /** `endsInitial`: everything that stood when the watch began has been sent (KEP-3157). */
  | { readonly type: 'bookmark'; readonly version: string; readonly endsInitial: boolean }
  | { readonly type: 'error'; readonly error: ClusterError }
  /** No JSON, or a type that nobody knows: what it stood for is lost. */
  | { readonly type: 'malformed' }

export function readWatchEvent(line: string): WatchEvent {
  let event: unknown
  try {
    event = JSON.parse(line)
  } catch {
    return { type: 'malformed' }
  }
  if (!isFields(event)) return { type: 'malformed' }
  const object = event['object']
  const metadata = isFields(object) && isFields(object['metadata']) ? object['metadata'] : {}
  const version = typeof metadata['resourceVersion'] === 'string' ? metadata['resourceVersion'] : ''
  switch (event['type']) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'put', object, version }
    case 'DELETED':
      return { type: 'remove', object, version }
    case 'BOOKMARK': {
      const annotations = isFields(metadata['annotations']) ? metadata['annotations'] : {}
      return { type: 'bookmark', version, endsInitial: annotations['k8s.io/initial-events-end'] === 'true' }
    }
    case 'ERROR':
      return { type: 'error', error: readStatus(object, 500) }
    default:
      return { type: 'malformed' }
  }
}
