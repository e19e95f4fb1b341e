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

/** Of an object: the names of rules that are to say nothing of it. */
export const IGNORE_ANNOTATION = 'selvedge.io/lint-ignore'

/** `# selvedge-ignore rule, rule`, behind a line or on lines of its own above it. */
const COMMENT = /^(.*?)(?:^|\s)#\s*selvedge-ignore:?\s+([a-z][a-z, -]*)/

/**
 * The annotations of objects and the comments in the text of files, one silencer for each rule that they name. `live`: what the
 * annotation says of objects that are written in no file, by the name that findings give them.
 */
export function readSilencers(
  cluster: Cluster,
  raw: readonly RawObject[],
  sources: readonly SourceText[],
  live: ReadonlyMap<string, string> = new Map(),
): readonly Silencer[] {
  return [...annotationsOf(cluster, raw, live), ...sources.flatMap(commentsOf)]
}

/** Pods of one workload have one template: what it says silences what is told of any of them, and is idle once. */
function annotationsOf(
  cluster: Cluster,
  raw: readonly RawObject[],
  live: ReadonlyMap<string, string>,
): readonly Silencer[] {
  const found = cluster.objects.flatMap((one): readonly Written[] => {
    const object = objectText(one)
    const written = rawAt(raw, one.place)
    const text = written
      ? textOf(fieldsOf(fieldsOf(written.value, 'metadata'), 'annotations'), IGNORE_ANNOTATION)
      : live.get(object)
    const place = written?.place(['metadata', 'annotations', IGNORE_ANNOTATION])
    return namesIn(text ?? '').map((rule) => ({ rule, object, place, whose: whoseTemplate(one) ?? object }))
  })
  return [...Map.groupBy(found, ({ whose, rule }) => `${whose} ${rule}`).values()].flatMap((list) => {
    const [first] = list
    if (first === undefined) return []
    const { rule, object, place } = first
    const objects = new Set(list.map((one) => one.object))
    return [{ rule, object, place, silences: (remark) => objects.has(remark.object) }]
  })
}

interface Written {
  readonly rule: string
  readonly object: string
  readonly place: Place | undefined
  readonly whose: string
}

function whoseTemplate(one: Cluster['objects'][number]): string | undefined {
  if (one.kind !== 'Pod' || one.workload === undefined) return undefined
  return `${one.workload.kind} ${one.namespace}/${one.workload.name}`
}

/** What a finding may be about, under the name that it gives it. */
export function objectText(one: Cluster['objects'][number]): string {
  switch (one.kind) {
    case 'NetworkPolicy':
      return `NetworkPolicy ${podName(one)}`
    case 'Namespace':
      return `Namespace ${one.name}`
    case 'Pod':
      return describePod(one)
  }
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
