import type { Block } from '../addresses/block.ts'
import type { Place } from '../objects/place.ts'
import type { Selector } from '../objects/selector.ts'
import type { AskedPorts } from './asked-ports.ts'

/** One document of kind PolicyTest (docs/policy-tests.md), decoded. */
export interface PolicyTest {
  readonly place: Place
  /** Empty: the live cluster. */
  readonly manifests: readonly NamedManifests[]
  readonly assertions: readonly Assertion[]
}

export interface NamedManifests {
  /** As written, relative to the file. */
  readonly path: string
  readonly place: Place
}

interface AnyAssertion {
  /** As written, or what it says. */
  readonly name: string
  readonly place: Place
  /** Whether a peer of a rule is somebody, although no pod of the input is meant by it. */
  readonly pods: 'possible' | 'input'
}

/** What has to hold of every pair of pods that are meant. */
export type Assertion = ExpectAssertion | OnlyAssertion | AtMostAssertion

export interface ExpectAssertion extends AnyAssertion {
  readonly kind: 'expect'
  readonly from: End
  readonly to: End
  /** Undefined: what the target brings, or for `deny` every port and protocol. */
  readonly ports: AskedPorts | undefined
  readonly expect: 'allow' | 'deny'
}

/** Exactly these clients. */
export interface OnlyAssertion extends AnyAssertion {
  readonly kind: 'only'
  readonly to: End
  readonly ports: AskedPorts | undefined
  readonly clients: readonly End[]
}

/** Nothing but these destinations. */
export interface AtMostAssertion extends AnyAssertion {
  readonly kind: 'at most'
  readonly from: End
  readonly destinations: readonly Destination[]
}

export interface Destination {
  readonly end: End
  /** Undefined: what the target brings, or every port and protocol. */
  readonly ports: AskedPorts | undefined
}

/** Who is meant at one end; `text` as people write it. */
export type End = { readonly text: string; readonly place: Place } & EndMeaning

export type EndMeaning =
  /** Every pod. */
  | { readonly kind: 'all' }
  /** Every address that no pod of the input owns. */
  | { readonly kind: 'outside' }
  /** Those of a CIDR. */
  | { readonly kind: 'block'; readonly block: Block }
  /** Whatever `explain` understands. */
  | { readonly kind: 'word'; readonly word: string }
  | SelectedPods
  /** Everything else, outside and hosts included. */
  | { readonly kind: 'not'; readonly ends: readonly End[] }
  | { readonly kind: 'any of'; readonly ends: readonly End[] }

/** Pods by their labels and those of their namespaces. */
export interface SelectedPods {
  readonly kind: 'selected'
  readonly namespaces: Selector
  readonly pods: Selector
  /** The input need not hold such pods. */
  readonly absent: boolean
}
