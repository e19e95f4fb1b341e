/** The variables by which a runner tells a step about its job. */
export type Environment = Readonly<Record<string, string | undefined>>
