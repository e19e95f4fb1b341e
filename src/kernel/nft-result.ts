import type { NftVersion } from './nft-version.ts'

/**
 * Why nft did not do what it was told. After `timeout`, `crashed` and `aborted` nobody knows whether the kernel took the
 * transaction: it is there whole or not at all, and only a listing tells. Every other kind left the kernel as it was.
 */
export type NftFailureKind =
  | 'missing-nft'
  | 'timeout'
  /** A signal that was not ours ended it: foreign objects can do that to an older nft. */
  | 'crashed'
  | 'aborted'
  /** nft itself refused the text, before asking the kernel. */
  | 'syntax'
  /** ENOENT: what the transaction refers to is not there. */
  | 'not-found'
  /** EEXIST, or an interval that overlaps with what is there. */
  | 'exists'
  /** EBUSY: what is to go is still referred to. */
  | 'busy'
  | 'permission'
  /** ENFILE, EMLINK: a set's size or the depth of jumps. */
  | 'too-many'
  | 'no-memory'
  | 'no-buffer'
  | 'other'

export interface NftFailure {
  readonly kind: NftFailureKind
  /** The first error in nft's own words, on one line. */
  readonly message: string
  /** Line of the transaction, from 1, where nft names one. */
  readonly line?: number
  /** At most 200 characters of that line, around the place that nft names. */
  readonly lineText?: string
}

export type NftResult = { readonly kind: 'ok'; readonly durationMilliseconds: number } | NftFailure

/** What `nft -j list table inet selvedge` answers. A listing that failed says nothing about the table. */
export type ListResult =
  | { readonly kind: 'table'; readonly listing: unknown; readonly durationMilliseconds: number }
  | { readonly kind: 'no-table'; readonly durationMilliseconds: number }
  | NftFailure

export type VersionResult = { readonly kind: 'version'; readonly version: NftVersion } | NftFailure

/** One run of nft, for metrics. */
export interface NftRun {
  readonly purpose: 'apply' | 'list' | 'version'
  /** By a process of its own, or by the one that stays. */
  readonly way: 'process' | 'standing'
  /** Length of the transaction, or of the listing, in UTF-16 units. */
  readonly length: number
  /** Without the time spent waiting for earlier runs. */
  readonly durationMilliseconds: number
  readonly outcome: 'ok' | 'no-table' | NftFailureKind
}
