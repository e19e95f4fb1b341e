import type { Diagnostic } from './diagnostic.ts'
import type { FieldPath } from './field-path.ts'
import type { LabelInterner } from './label-set.ts'
import type { NamedPort, Peer, RulePort, Workload } from './objects.ts'
import type { Place } from './place.ts'
import type { Selector } from './selector.ts'

/** What decoding needs from its caller. `place` may be `() => undefined`: objects from the API were written nowhere. */
export interface DecodeContext {
  readonly internLabels: LabelInterner
  /** For objects without metadata.namespace; `default` when not given. */
  readonly defaultNamespace?: string | undefined
  /** For whoever keeps many objects; without it each is on its own. */
  readonly sharing?: Sharing | undefined
  report(diagnostic: Diagnostic): void
  /** Where a field was written, or the deepest of its parents that was; `key`: its name rather than its value. */
  place(path: FieldPath, part?: PlacePart): Place | undefined
}

export type PlacePart = 'key' | 'value'

/** Gives back the first equal part that it was given, so that many objects hold it once. */
export interface Sharing {
  text(value: string): string
  ports(value: readonly NamedPort[]): readonly NamedPort[]
  workload(value: Workload): Workload
  selector(value: Selector): Selector
  /** Of one rule, in their order. */
  peers(value: readonly Peer[]): readonly Peer[]
  rulePorts(value: readonly RulePort[]): readonly RulePort[]
}
