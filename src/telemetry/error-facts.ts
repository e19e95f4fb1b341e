/** What a log line says of an error. */
export interface ErrorFacts {
  readonly type: string
  readonly message: string
  /** The system's code (`ENOSPC`), where there is one. */
  readonly code?: string
  /** Our own errors' kind. */
  readonly kind?: string
  readonly stack?: string
  readonly cause?: ErrorFacts
}

/** A failed program's error carries all of its input, megabytes of nft text: nothing longer than this is logged. */
const LONGEST = 4096
const DEEPEST_CAUSE = 4

/** The parts of an error that help, each of bounded length; never throws, whatever was thrown. */
export function errorFacts(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, message: cut(textOf(error)) }
  const code = textField(error, 'code')
  const kind = textField(error, 'kind')
  return {
    type: error.name,
    message: cut(error.message),
    ...(code === undefined ? {} : { code }),
    ...(kind === undefined ? {} : { kind }),
    ...(error.stack === undefined ? {} : { stack: cut(error.stack) }),
    ...(error.cause === undefined || depth >= DEEPEST_CAUSE ? {} : { cause: errorFacts(error.cause, depth + 1) }),
  }
}

function textField(error: Error, field: string): string | undefined {
  const value = (error as unknown as Readonly<Record<string, unknown>>)[field]
  return typeof value === 'string' ? cut(value) : undefined
}

function textOf(value: unknown): string {
  try {
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value)
  } catch {
    return 'something that has no text'
  }
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
