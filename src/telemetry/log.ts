import { pino, type Logger } from 'pino'
import { errorFacts } from './error-facts.ts'
import { createLogDestination } from './log-destination.ts'

/** Facts beside the message. Objects go by name: `policy: 'ns/name'`, `pod: 'ns/name'`; an error goes as `err`. */
export interface LogFacts {
  readonly err?: unknown
  readonly policy?: string | NamedObject | undefined
  readonly pod?: string | NamedObject | undefined
  readonly [fact: string]: unknown
}

export interface NamedObject {
  readonly namespace: string
  readonly name: string
}

/** What every room logs with. It never throws and never waits, whatever became of the output. */
export interface Log {
  debug(message: string, facts?: LogFacts): void
  info(message: string, facts?: LogFacts): void
  warn(message: string, facts?: LogFacts): void
  error(message: string, facts?: LogFacts): void
  /** A log whose lines say which room they come from. */
  child(room: string): Log
}

/** The log that the agent begins with, and ends. */
export interface RootLog extends Log {
  /** Lines that the output did not take since the start, for a metric. */
  linesLost(): number
  /** Tries once to write what still waits; before the process ends. */
  close(): void
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface LogOptions {
  /** Nothing below it is written; `info` unless told. */
  readonly level?: LogLevel
  /** Facts of every line, such as the node's name. */
  readonly facts?: Readonly<Record<string, unknown>>
  /** Standard output unless told. */
  readonly fileDescriptor?: number
}

/** One JSON object a line: `level`, `time` (RFC 3339), the facts, `msg`. */
export function createLog({ level = 'info', facts = {}, fileDescriptor = 1 }: LogOptions = {}): RootLog {
  const destination = createLogDestination(fileDescriptor)
  const logger = pino(
    {
      level,
      base: { ...facts },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorFacts, policy: objectName, pod: objectName },
    },
    destination,
  )
  return { ...wrap(logger), linesLost: () => destination.linesLost(), close: () => destination.close() }
}

function wrap(logger: Logger): Log {
  const write = (level: 'debug' | 'info' | 'warn' | 'error', message: string, facts: LogFacts = {}): void => {
    try {
      logger[level](facts, message)
    } catch (error) {
      // A fact that cannot be made text (a getter that throws) costs the facts, not the line.
      logger[level]({ factsLost: errorFacts(error).message }, message)
    }
  }
  return {
    debug: (message, facts) => write('debug', message, facts),
    info: (message, facts) => write('info', message, facts),
    warn: (message, facts) => write('warn', message, facts),
    error: (message, facts) => write('error', message, facts),
    child: (room) => wrap(logger.child({ room })),
  }
}

function objectName(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('name' in value)) return value
  const namespace = 'namespace' in value ? String(value.namespace) : ''
  return namespace === '' ? String(value.name) : `${namespace}/${String(value.name)}`
}
