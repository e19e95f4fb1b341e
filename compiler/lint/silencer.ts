import type { Cluster } from '../cluster/create-cluster.ts'
import { fieldsOf, textOf } from '../cluster/loose-fields.ts'
import { podName } from '../objects/pod-name.ts'
import { formatPlace, type Place } from '../objects/place.ts'
import type { SourceText } from '../objects/read-objects.ts'
import { type RawObject, rawAt } from './raw-object.ts'

/** A rule that somebody has silenced where it would speak. */
export interface Silencer {
  readonly rule: string
  /** Where it is written. */
  readonly place: Place | undefined
  /** The object that carries it. */
  readonly object: string
  silences(remark: Spot): boolean
}

/** What a remark is about, and where that is written. */
interface Spot {
  readonly object: string
  readonly place: Place | undefined
}

const ANNOTATION = 'selvedge.io/lint-ignore'

/** `# selvedge-ignore rule, rule`, behind a line or on lines of its own above it. */
const COMMENT = /^(.*?)(?:^|\s)#\s*selvedge-ignore:?\s+([a-z][a-z, -]*)/

/** The annotations of objects and the comments in the text of files, one silencer for each rule that they name. */
export function readSilencers(
  cluster: Cluster,
  raw: readonly RawObject[],
  sources: readonly SourceText[],
): readonly Silencer[] {
  return [...annotationsOf(cluster, raw), ...sources.flatMap(commentsOf)]
}

function annotationsOf(cluster: Cluster, raw: readonly RawObject[]): readonly Silencer[] {
  return objectsOf(cluster).flatMap(({ object, place }) => {
    const found = rawAt(raw, place)
    const text = found && textOf(fieldsOf(fieldsOf(found.value, 'metadata'), 'annotations'), ANNOTATION)
    if (found === undefined || text === undefined) return []
    const at = found.place(['metadata', 'annotations', ANNOTATION])
    return namesIn(text).map((rule) => ({ rule, object, place: at, silences: (remark) => remark.object === object }))
  })
}

/** What findings may be about, under the name that they give it. */
function objectsOf({ objects }: Cluster): readonly { readonly object: string; readonly place: Place | undefined }[] {
  return objects.map((one) => {
    switch (one.kind) {
      case 'NetworkPolicy':
        return { object: `NetworkPolicy ${podName(one)}`, place: one.place }
      case 'Namespace':
        return { object: `Namespace ${one.name}`, place: one.place }
      case 'Pod':
        return { object: describePod(one), place: one.place }
    }
  })
}

/** The workload that a pod stands for, or the pod itself. */
export function describePod(pod: {
  readonly namespace: string
  readonly name: string
  readonly standIn?: true | undefined
  readonly workload?: { readonly kind: string; readonly name: string } | undefined
}): string {
  return pod.standIn === true && pod.workload !== undefined
    ? `${pod.workload.kind} ${pod.namespace}/${pod.workload.name}`
    : `Pod ${podName(pod)}`
}

function commentsOf({ file, text }: SourceText): readonly Silencer[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index): readonly Silencer[] => {
    const [, before = '', names] = COMMENT.exec(line) ?? []
    if (names === undefined) return []
    const own = before.trim() === ''
    let next = index + 1
    while (next < lines.length && /^\s*(#.*)?$/.test(lines[next] ?? '')) next += 1
    const target = own ? next + 1 : index + 1
    const place = { file, line: index + 1, column: before.length + 1 }
    const object = formatPlace(place)
    const silences = (remark: Spot) => remark.place?.file === file && remark.place.line === target
    return namesIn(names).map((rule) => ({ rule, object, place, silences }))
  })
}

function namesIn(text: string): readonly string[] {
  return text.split(/[,\s]+/).filter((name) => name !== '')
}
