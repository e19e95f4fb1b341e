import { type FieldPath, formatFieldPath } from './field-path.ts'
import { nearestWord } from './did-you-mean.ts'
import { metadataOf } from './decode-metadata.ts'
import type { PolicyMode } from './policy-mode.ts'
import type { Problems } from './problems.ts'
import { quote } from './quote.ts'
import { type Fields, isFields } from './read-fields.ts'

/** The annotation of a NetworkPolicy (and of a Namespace, where that is read) that says its mode. */
export const MODE_ANNOTATION = 'selvedge.io/mode'

/** kube-router's proposal for the same (its issue 2123, pull request 2141): `"true"` is what we call `audit`. */
export const MONITOR_ANNOTATION = 'kube-router.io/network-policy.monitor'

const MODES: readonly PolicyMode[] = ['audit', 'enforce']
const PATH: FieldPath = ['metadata', 'annotations', MODE_ANNOTATION]

/** What an object's annotation says; a word that is no mode is told, and enforced: a slip of the hand must not open anything. */
export function decodeMode(object: Fields, problems: Problems): PolicyMode | undefined {
  const written = annotationsOf(object)[MODE_ANNOTATION]
  if (written === undefined || written === null) return undefined
  const mode = MODES.find((one) => one === written)
  if (mode !== undefined) return mode
  const near = typeof written === 'string' ? nearestWord(written, MODES) : undefined
  problems.warn({
    code: 'unknown-mode',
    path: PATH,
    text: `${formatFieldPath(PATH)}: ${quote(written)} is no mode, so it is enforced`,
    hint: near === undefined ? 'write audit or enforce' : `did you mean ${near}?`,
  })
  return undefined
}

/** Does kube-router's annotation ask for the same? */
export function isMonitored(object: Fields): boolean {
  return annotationsOf(object)[MONITOR_ANNOTATION] === 'true'
}

function annotationsOf(object: Fields): Fields {
  const { annotations } = metadataOf(object) as { readonly annotations?: unknown }
  return isFields(annotations) ? annotations : {}
}
