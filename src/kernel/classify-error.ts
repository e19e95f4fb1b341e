import type { NftFailure, NftFailureKind } from './nft-result.ts'

const LINE_TEXT_LENGTH = 200

/** Errors that nft reports as such; glibc's words for the errno with LC_ALL=C, or nft's own. */
const KINDS: readonly (readonly [string, NftFailureKind])[] = [
  ['No such file or directory', 'not-found'],
  ['File exists', 'exists'],
  ['conflicting intervals specified', 'exists'],
  ['interval overlaps with an existing one', 'exists'],
  ['Device or resource busy', 'busy'],
  ['Operation not permitted', 'permission'],
  ['Permission denied', 'permission'],
  ['Too many', 'too-many'],
  ['Cannot allocate memory', 'no-memory'],
  ['No buffer space available', 'no-buffer'],
]

/** What is said without 'Error:', by nft or by the program that was to start it (`ip netns exec`, `nsenter`). */
const OTHER_WORDS: readonly (readonly [RegExp, NftFailureKind])[] = [
  [/^exec of .* failed: No such file or directory|failed to execute .*: No such file or directory/, 'missing-nft'],
  [/Operation not permitted|must be root/, 'permission'],
  [/Memory allocation failure/, 'no-memory'],
]

/** Reads what nft wrote to stderr when it exited with an error; `text` is the transaction that it was given. */
export function classifyError(stderr: string, text = ''): NftFailure {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  for (const line of lines) {
    const found = /^(?:\S+?:(\d+):(\d+)(?:-\d+)?: )?(?:\w+: )?Error: (.*)$/.exec(line)
    if (found === null) continue
    const message = found[3] ?? ''
    // Line 0 is nft's way to say that no line is to blame.
    const [number, column] = [Number(found[1] ?? 0), Number(found[2] ?? 1)]
    const failure = { kind: kindOf(message, number > 0), message }
    const lineText = text.split('\n')[number - 1]
    if (number === 0) return failure
    return lineText === undefined
      ? { ...failure, line: number }
      : { ...failure, line: number, lineText: around(lineText, column) }
  }
  const message = lines[0]?.trim() ?? ''
  const kind = OTHER_WORDS.find(([words]) => words.test(message))?.[1] ?? 'other'
  return { kind, message }
}

function kindOf(message: string, hasPlace: boolean): NftFailureKind {
  const known = KINDS.find(([words]) => message.includes(words))?.[1]
  if (known !== undefined) return known
  // What the kernel refuses is always introduced so; the rest with a place is nft's parser or evaluator.
  return hasPlace && !message.startsWith('Could not process rule') ? 'syntax' : 'other'
}

/** Element lines can be megabytes long; a log line must not. */
function around(line: string, column: number): string {
  if (line.length <= LINE_TEXT_LENGTH) return line
  const start = Math.max(0, Math.min(column - 1 - LINE_TEXT_LENGTH / 2, line.length - LINE_TEXT_LENGTH))
  return line.slice(start, start + LINE_TEXT_LENGTH)
}

/** Did `nft list table` fail for the one reason that the table is not there? A missing nft or namespace is another. */
export function saysNoTable(exitCode: number, stderr: string): boolean {
  return exitCode === 1 && /^Error: No such file or directory\b.*\nlist table /.test(stderr)
}
