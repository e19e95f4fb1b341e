import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { waitFor } from './wait-for.ts'

/** A program `nft` that stands before the real one, and does what a test tells it; it becomes the real one otherwise. */
export interface StandIn {
  /** For the agent: a PATH with this nft and no other. */
  readonly env: { readonly PATH: string }
  /** From the next run on. Shell; `exec` the real one with `nft "$@"`, or fall through to it. */
  applies(fault: string): void
  lists(fault: string): void
  heals(): void
  /** It says so of itself; nothing else of it changes. */
  becomes(version: string): void
  /** There is no nft at all, until it returns. */
  vanishes(): void
  returns(): void
  /** How often a transaction, or a listing of our table, was asked for. */
  count(what: 'apply' | 'list'): number
  /** Until so many more have been asked for. */
  asked(what: 'apply' | 'list', times: number): Promise<void>
}

/** How the agent comes to apply: by the nft that stays, or, where that knows no interactive mode, by a process each. */
export type ApplyWay = 'standing' | 'process'
export const APPLY_WAYS: readonly ApplyWay[] = ['standing', 'process']

/**
 * The interactive mode, one include after the other. Each runs as a process of its own, so that a fault may be any shell:
 * one that dies of a signal, or fails without a word, is the end of the nft that stays, too.
 */
const INTERACTIVE = (outer: string) => `
  while IFS= read -r line; do
    case "$line" in
      '') ;;
      include*)
        file="\${line#include ?}"
        printf . >> ${outer}/apply.count
        said="$(
          { set -- -f "\${file%?}"; . ${outer}/apply; exec nft "$@"; } 2>&1 > /dev/null < /dev/null
        )"
        code=$?
        [ $code -gt 128 ] && kill -$((code - 128)) $$
        [ -n "$said" ] && printf '%s\\n' "$said" >&2
        [ $code -ne 0 ] && [ -z "$said" ] && exit $code
        ;;
      *) printf 'Error: syntax error\\n%s\\n^\\n' "$line" >&2 ;;
    esac
  done
  exit`

export function standInForNft(way: ApplyWay): StandIn {
  const outer = mkdtempSync(join(tmpdir(), 'selvedge-nft-'))
  onTestFinished(() => rmSync(outer, { recursive: true, force: true }))
  const path = join(outer, 'nft')
  const put = (name: string, text: string) => {
    writeFileSync(join(outer, `${name}.draft`), text, { mode: 0o755 })
    renameSync(join(outer, `${name}.draft`), join(outer, name))
  }
  const heals = () => {
    put('apply', '')
    put('list', '')
  }
  const count = (what: 'apply' | 'list') => readFileSync(join(outer, `${what}.count`), 'utf8').length
  for (const what of ['apply', 'list']) writeFileSync(join(outer, `${what}.count`), '')
  heals()
  put('version', 'exec nft --version')
  put(
    'nft',
    `#!/bin/sh
PATH='${process.env['PATH'] ?? ''}'
case "$*" in
  -i) ${way === 'standing' ? INTERACTIVE(outer) : 'exit 1'} ;;
  '--version') . ${outer}/version ;;
  '-f -') what=apply ;;
  '-j list table inet selvedge') what=list ;;
  *) exec nft "$@" ;;
esac
printf . >> ${outer}/$what.count
. ${outer}/$what
exec nft "$@"
`,
  )
  return {
    env: { PATH: outer },
    becomes: (version) => put('version', `echo 'nftables v${version} (stand-in)'; exit 0`),
    applies: (fault) => put('apply', fault),
    lists: (fault) => put('list', fault),
    heals,
    vanishes: () => renameSync(path, `${path}.away`),
    returns: () => renameSync(`${path}.away`, path),
    count,
    async asked(what, times) {
      const wanted = count(what) + times
      await waitFor(`nft was asked to ${what}`, () => count(what) >= wanted)
    },
  }
}
